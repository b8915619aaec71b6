"""Sorteos y órdenes que se repiten igual en cualquier máquina y versión de Python."""

from __future__ import annotations

import hashlib


def resumen(texto: str) -> str:
    """SHA-256 de un texto, en hexadecimal."""
    return hashlib.sha256(texto.encode()).hexdigest()


def orden(*partes: str) -> int:
    """Un entero de 64 bits que depende solo de las partes: sirve para desordenar."""
    texto = "|".join(partes).encode()
    return int.from_bytes(hashlib.blake2b(texto, digest_size=8).digest(), "big")


class Azar:
    """Sorteos que dan lo mismo cada vez que se empiezan con las mismas claves."""

    def __init__(self, *claves: object) -> None:
        self.clave, self.turno = "|".join(map(str, claves)), 0

    def entero(self, tope: int) -> int:
        """Un entero de 0 a `tope` - 1."""
        self.turno += 1
        return int(resumen(f"{self.clave}|{self.turno}")[:16], 16) % tope

    def elegir(self, lista: list):
        """Un elemento de `lista`."""
        return lista[self.entero(len(lista))]

    def barajar(self, lista: list) -> list:
        """Los mismos elementos en otro orden."""
        nueva = list(lista)
        for i in range(len(nueva) - 1, 0, -1):
            j = self.entero(i + 1)
            nueva[i], nueva[j] = nueva[j], nueva[i]
        return nueva
