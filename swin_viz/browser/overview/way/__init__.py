"""The Overview's opening: the picture, a tile for every block, and the way of one token's information through them."""
