"""What touches several resources at once. Each action runs inside one transaction of its caller."""
