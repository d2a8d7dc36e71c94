"""What readers say about lessons and questions, and what authors answer."""
