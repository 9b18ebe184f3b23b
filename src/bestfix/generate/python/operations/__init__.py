"""Operations on values of a class that cannot take part in them."""
