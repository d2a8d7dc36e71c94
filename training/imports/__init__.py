"""Tables from files of an office: read, understood, shown, and taken over in one step."""
