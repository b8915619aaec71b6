"""Escribe formas verbales con las reglas de acentuación y de grafía del español.

Dentro del conjugador toda forma lleva marcada su vocal tónica con tilde («cánto»,
«cantás», «siéntate»). `escribir` deja la tilde solo donde la norma la pide.
Fuente: RAE y ASALE, Ortografía de la lengua española (2010), capítulo II.
"""

import re

VOCALES = "aeiouáéíóúü"
AGUDAS = dict(zip("aeiou", "áéíóú", strict=True))
LLANAS = {aguda: vocal for vocal, aguda in AGUDAS.items()}
CERRADAS = "iuü"
# Monosílabos que la norma acentúa para distinguirlos de otra palabra.
DIACRITICOS = {"sé", "dé"}


def quitar_tilde(texto: str) -> str:
    """Cambia á, é, í, ó, ú por la vocal sin tilde; respeta la diéresis."""
    return "".join(LLANAS.get(letra, letra) for letra in texto)


def _nucleos(palabra: str) -> list[list[int]]:
    """Posiciones de las vocales de cada sílaba, según los diptongos ortográficos."""
    mudas = {m.start() + 1 for m in re.finditer("[gq]u(?=[eiéí])", palabra)}
    nucleos: list[list[int]] = []
    previa = None
    for i, letra in enumerate(palabra):
        if letra not in VOCALES or i in mudas:
            continue
        # La hache intercalada no separa vocales: «prohíbe», «ahorra».
        junta = previa is not None and palabra[previa + 1 : i] in ("", "h")
        if junta and _diptongo(palabra[previa], letra):
            if letra in CERRADAS + "íú" and len(nucleos[-1]) == 2:
                if palabra[nucleos[-1][0]] not in CERRADAS:  # re-huís
                    nucleos.append([nucleos[-1].pop()])
            nucleos[-1].append(i)
        else:
            nucleos.append([i])
        previa = i
    return nucleos


def _diptongo(primera: str, segunda: str) -> bool:
    """Dice si dos vocales seguidas cuentan como una sola sílaba al escribir."""
    a, b = quitar_tilde(primera), quitar_tilde(segunda)
    if a == b:
        return False
    if a in CERRADAS and b in CERRADAS:
        return True
    # Una cerrada átona forma diptongo; una cerrada tónica, hiato.
    return primera in CERRADAS or segunda in CERRADAS


def escribir(marcada: str) -> str:
    """Pasa de la forma con su vocal tónica marcada a la forma bien escrita.

    `marcada` lleva exactamente una vocal con tilde. Lanza ValueError si no es así.
    """
    tonicas = [i for i, letra in enumerate(marcada) if letra in LLANAS]
    if len(tonicas) != 1:
        raise ValueError(f"«{marcada}» debe llevar marcada una sola vocal tónica.")
    if marcada in DIACRITICOS:
        return marcada
    tonica = tonicas[0]
    nucleos = _nucleos(marcada)
    if len(nucleos) == 1:
        return quitar_tilde(marcada)
    desde_el_final = next(
        len(nucleos) - 1 - n for n, grupo in enumerate(nucleos) if tonica in grupo
    )
    termina_abierta = marcada[-1] in VOCALES or marcada[-1] in "ns"
    if desde_el_final == 0:
        lleva = termina_abierta
    elif desde_el_final == 1:
        lleva = not termina_abierta
    else:
        lleva = True
    return marcada if lleva or _en_hiato(marcada, tonica) else quitar_tilde(marcada)


def _en_hiato(marcada: str, tonica: int) -> bool:
    """Dice si la tónica es cerrada y toca una vocal abierta, con hache o sin ella."""
    if marcada[tonica] not in "íú":
        return False
    antes = re.search("([aeo])h?$", marcada[:tonica])
    despues = re.match("h?([aeo])", marcada[tonica + 1 :])
    return bool(antes or despues)


def marcar_ultima(raiz: str) -> str:
    """Marca la vocal que recibe el golpe de voz cuando la raíz es tónica.

    «limpi» da «límpi»: la i final se une a la desinencia y no es tónica.
    """
    if set(raiz) & set(LLANAS) or not set(raiz) & set(VOCALES):
        return raiz
    cuerpo, cola = raiz, ""
    if raiz[-1] in "iuü" and any(letra in VOCALES for letra in raiz[:-1]):
        cuerpo, cola = raiz[:-1], raiz[-1]
        if re.search("[aeiou].*[gq]u$", cuerpo):  # obsequ-i: esa u no suena
            cuerpo, cola = cuerpo[:-1], "u" + cola
    grupo = list(re.finditer("[aeiouü]+", cuerpo))[-1]
    abiertas = [i for i in range(*grupo.span()) if cuerpo[i] in "aeo"]
    i = abiertas[-1] if abiertas else grupo.end() - 1
    return cuerpo[:i] + AGUDAS[cuerpo[i]] + cuerpo[i + 1 :] + cola


def juntar(raiz: str, desinencia: str, conjugacion: str) -> str:
    """Une raíz y desinencia y conserva el sonido: busqu-e, lleg-ue, cruc-e, recoj-a.

    `conjugacion` es «ar», «er» o «ir»: dice ante qué vocal se lee la raíz.
    """
    inicial = quitar_tilde(desinencia[0])
    if conjugacion == "ar" and inicial in "ei":
        cambios = [("gu", "gü"), ("c", "qu"), ("g", "gu"), ("z", "c")]
    elif conjugacion != "ar" and inicial in "ao":
        cambios = [("gu", "g"), ("qu", "c"), ("c", "z"), ("g", "j")]
    else:
        cambios = []
    for antes, despues in cambios:
        if raiz.endswith(antes):
            raiz = raiz[: -len(antes)] + despues
            break
    if re.match("i[óé]", desinencia):
        if raiz[-1] in "iy":  # ri-ió, arguy-ió: una sola i
            desinencia = desinencia[1:]
        elif raiz[-1] in VOCALES and not raiz.endswith(("gu", "qu")):
            desinencia = "y" + desinencia[1:]
        elif raiz.endswith(("ñ", "ll")):
            desinencia = desinencia[1:]
    return raiz + desinencia
