"""The development relay: a real SMTP server that sends nothing on, answers by address, can swear to what it took."""
