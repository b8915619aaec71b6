"""Datos personales que no son de nadie.

Por qué ninguno puede ser de una persona:
- correo: example.com, example.org y example.net están reservados (RFC 2606);
- teléfono +1: los números 555-0100 a 555-0199 se guardan para la ficción en la
  numeración norteamericana, de la que es parte la República Dominicana;
- fijo de Colombia: es 60, la zona y siete cifras que empiezan entre 2 y 8; aquí la
  zona es 3, que no existe, y las siete cifras empiezan por 0;
- celular de Colombia: no hay rango reservado para la ficción. Los que admiten los
  metadatos de libphonenumber (9.0.43) empiezan por 30, 31, 32, 33, 35, 37 o 94;
  aquí, por 39, que no está entre ellos;
- cédula de Colombia: no hay rango reservado ni dígito de control. Las de diez cifras
  que conocemos empiezan por 1 y el número crece con los registros de nacimiento; aquí
  pasan de 9.900 millones. Es la garantía más débil de todas;
- NIT: su dígito de verificación no es el que da la cuenta de la DIAN.
"""

from __future__ import annotations

from .azar import Azar

PESOS_NIT = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)


def digito_nit(numero: int) -> str:
    """Dígito de verificación de un NIT: módulo 11 con pesos primos.

    El último número se multiplica por 3, el anterior por 7, y así; si el resto de
    dividir la suma entre 11 es 0 o 1, ese es el dígito; si no, 11 menos el resto.
    """
    cifras = reversed(str(numero))
    resto = sum(int(c) * p for c, p in zip(cifras, PESOS_NIT, strict=False)) % 11
    return str(resto if resto < 2 else 11 - resto)


def _telefono(azar: Azar) -> str:
    """Dominicano, fijo de Colombia o celular de Colombia, en uno de sus formatos."""
    clase = azar.entero(3)
    if clase == 0:
        zona, fin = azar.elegir(["809", "829", "849"]), f"01{azar.entero(100):02d}"
        return azar.elegir(["+1 {} 555 {}", "({}) 555-{}", "{}-555-{}"]).format(
            zona, fin
        )
    a, b, c = f"{azar.entero(100):02d}", azar.entero(90) + 10, azar.entero(90) + 10
    if clase == 1:
        formas = ["+57 603 0{} {} {}", "603 0{}{}{}", "(603) 0{} {}{}"]
        return azar.elegir(formas).format(a, b, c)
    zona = f"39{azar.entero(10)}"
    formas = ["{} {} {} {}", "{}{}{}{}", "+57 {} {} {}{}"]
    return azar.elegir(formas).format(zona, f"{azar.entero(10)}{a}", b, c)


def dato_falso(tipo: str, azar: Azar) -> str:
    """Un correo, teléfono, cédula o NIT que no es de nadie, en uno de sus formatos."""
    if tipo == "correo":
        quien = azar.elegir("ventas taller.luna huerta_sol contacto pan.y.cafe".split())
        numero, punto = azar.entero(90) + 10, azar.elegir(["com", "org", "net"])
        forma = azar.elegir(["{}{}@example.{}"] * 4 + ["{}{} (arroba) example.{}"])
        return forma.format(quien, numero, punto)
    if tipo == "telefono":
        return _telefono(azar)
    if tipo == "cedula":
        numero = 9_900_000_000 + azar.entero(100_000_000)
        return azar.elegir([str(numero), f"{numero:,}".replace(",", ".")])
    numero = 800_000_000 + azar.entero(200_000_000)
    malos = [d for d in "0123456789" if d != digito_nit(numero)]
    puntos = f"{numero:,}".replace(",", ".")
    return f"{azar.elegir([str(numero), puntos])}-{azar.elegir(malos)}"
