"""What comes back by SMTP: taken and stored by the listener, read and applied by `sort`."""
