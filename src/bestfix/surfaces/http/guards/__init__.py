"""What stands before every route: whose requests are taken, how large and slow they may be."""
