"""The sample database: a shop with customers, products, orders and reviews, made when the service first starts."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["SAMPLE", "sample_database"]

SAMPLE = "sample"
"""The id and the name of every user's connection to it."""
_TABLES = """
SELECT setseed(0.42);
CREATE TABLE regions (region_code VARCHAR PRIMARY KEY, country VARCHAR, currency VARCHAR);
INSERT INTO regions VALUES ('FR', 'France', 'EUR'), ('DE', 'Germany', 'EUR'), ('CL', 'Chile', 'CLP'),
  ('JP', 'Japan', 'JPY'), ('KE', 'Kenya', 'KES'), ('CA', 'Canada', 'CAD');
CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, email VARCHAR, region_code VARCHAR
  REFERENCES regions (region_code), joined DATE, is_member BOOLEAN);
INSERT INTO customers SELECT i, n, CASE WHEN i % 9 = 0 THEN NULL ELSE lower(n) || i || '@example.com' END,
  (['FR', 'DE', 'CL', 'JP', 'KE', 'CA'])[1 + (random() * 5.99)::INT % 6], DATE '2021-01-01' + (random() * 1700)::INT,
  random() < 0.3
  FROM (SELECT i, (['Ada', 'Bob', 'Chen', 'Dana', 'Emre', 'Fatou', 'Gus', 'Hana', 'Ivo', 'Jun'])[1 + i % 10] n
        FROM range(1, 501) r(i));
CREATE TABLE products (product_id INTEGER PRIMARY KEY, title VARCHAR NOT NULL, category VARCHAR, price DECIMAL(10, 2),
  weight_kg DOUBLE, discontinued BOOLEAN);
INSERT INTO products SELECT i, (['Oak', 'Steel', 'Glass', 'Linen', 'Cork'])[1 + i % 5] || ' '
  || (['desk', 'lamp', 'chair', 'shelf', 'rug', 'clock', 'vase', 'mirror'])[1 + i % 8],
  (['furniture', 'lighting', 'decoration'])[1 + i % 3], round(5 + random() * 400, 2), round(random() * 30, 1),
  random() < 0.1 FROM range(1, 81) r(i);
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (customer_id),
  ordered_at TIMESTAMP, status VARCHAR, shipping_cost DECIMAL(8, 2));
INSERT INTO orders SELECT i, 1 + (random() * 499)::INT, TIMESTAMP '2023-01-01'
  + to_minutes((random() * 1500000)::BIGINT),
  (['paid', 'paid', 'paid', 'shipped', 'open', 'cancelled'])[1 + (random() * 5.99)::INT % 6], round(random() * 25, 2)
  FROM range(1, 5001) r(i);
CREATE TABLE order_items (order_id INTEGER REFERENCES orders (order_id), product_id INTEGER
  REFERENCES products (product_id), quantity INTEGER, unit_price DECIMAL(10, 2));
INSERT INTO order_items SELECT o, p, 1 + (random() * 4)::INT, price
  FROM (SELECT 1 + (random() * 4999)::INT o, 1 + (random() * 79)::INT p FROM range(15000))
  JOIN products ON product_id = p;
CREATE TABLE reviews (review_id INTEGER PRIMARY KEY, product_id INTEGER REFERENCES products (product_id),
  customer_id INTEGER REFERENCES customers (customer_id), stars INTEGER, written DATE, comment VARCHAR);
INSERT INTO reviews SELECT i, 1 + (random() * 79)::INT, 1 + (random() * 499)::INT, 1 + (random() * 4)::INT,
  DATE '2023-01-01' + (random() * 1000)::INT, CASE WHEN i % 3 = 0 THEN NULL ELSE 'as described' END
  FROM range(1, 1201) r(i);
CREATE VIEW revenue_by_month AS SELECT date_trunc('month', ordered_at) AS month, sum(quantity * unit_price) AS revenue
  FROM orders JOIN order_items USING (order_id) WHERE status <> 'cancelled' GROUP BY ALL;
"""


def sample_database(folder: Path) -> Path:
    """Return the sample database's file in a folder; make it where it is not there yet."""
    path = folder / "sample.duckdb"
    if not path.is_file():
        import duckdb

        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = folder / f"sample-{os.getpid()}.duckdb"
        made.unlink(missing_ok=True)
        with duckdb.connect(str(made)) as connection:
            connection.execute("SET threads = 1")
            connection.execute(_TABLES)
        made.replace(path)
    return path
