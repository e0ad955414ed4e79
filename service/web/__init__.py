"""The pages: a door that reads, calls one verb and answers. Sign-in is asked for by default; GET changes nothing."""
