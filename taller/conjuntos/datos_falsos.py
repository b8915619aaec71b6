"""Datos personales que no son de nadie.

Por qué ninguno puede ser de una persona:
- correo: example.com, example.org y example.net están reservados (RFC 2606);
- teléfono +1: los números 555-0100 a 555-0199 se guardan para la ficción en la
  numeración norteamericana, de la que es parte la República Dominicana;
- teléfono de Colombia: un fijo es 60, la zona y siete cifras que empiezan entre 2 y
  8; aquí la zona es 3, que no existe, y las siete cifras empiezan por 0;
- cédula de Colombia: no hay rango reservado ni dígito de control. Las de diez cifras
  que conocemos empiezan por 1 y el número crece con los registros de nacimiento; aquí
  pasan de 9.900 millones. Es la garantía más débil de las cinco;
- RUT de Chile: su dígito verificador no es el que da el módulo 11.
"""

from __future__ import annotations

from .azar import Azar


def digito_rut(numero: int) -> str:
    """Dígito verificador de un RUT chileno: módulo 11 con la serie 2, 3, 4, 5, 6, 7."""
    cifras = reversed(str(numero))
    suma = sum(int(c) * (2 + i % 6) for i, c in enumerate(cifras))
    return {10: "K", 11: "0"}.get(11 - suma % 11, str(11 - suma % 11))


def dato_falso(tipo: str, azar: Azar) -> str:
    """Un correo, teléfono, cédula o RUT que no es de nadie, en uno de sus formatos."""
    if tipo == "correo":
        quien = azar.elegir("ventas taller.luna huerta_sol contacto pan.y.cafe".split())
        numero, punto = azar.entero(90) + 10, azar.elegir(["com", "org", "net"])
        forma = azar.elegir(["{}{}@example.{}"] * 4 + ["{}{} (arroba) example.{}"])
        return forma.format(quien, numero, punto)
    if tipo == "telefono" and azar.entero(2):
        zona, fin = azar.elegir(["809", "829", "849"]), f"01{azar.entero(100):02d}"
        return azar.elegir(["+1 {} 555 {}", "({}) 555-{}", "{}-555-{}"]).format(
            zona, fin
        )
    if tipo == "telefono":
        a, b, c = f"0{azar.entero(100):02d}", azar.entero(90) + 10, azar.entero(90) + 10
        return azar.elegir(["+57 603 {} {} {}", "603 {}{}{}", "(603) {} {}{}"]).format(
            a, b, c
        )
    if tipo == "cedula":
        numero = 9_900_000_000 + azar.entero(100_000_000)
        return azar.elegir([str(numero), f"{numero:,}".replace(",", ".")])
    numero = 10_000_000 + azar.entero(15_000_000)
    malos = [d for d in "0123456789K" if d != digito_rut(numero)]
    puntos = f"{numero:,}".replace(",", ".")
    return f"{azar.elegir([str(numero), puntos])}-{azar.elegir(malos)}"
