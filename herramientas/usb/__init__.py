"""El curso entero en una memoria USB: empaquetarlo, instalarlo sin red y abrirlo."""
