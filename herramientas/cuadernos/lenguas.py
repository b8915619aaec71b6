"""En qué lengua está un cuaderno y cómo se dice en ella lo que buscan las reglas.

El curso se escribe en español, en notebooks/. Una traducción va en la carpeta de su
lengua, como notebooks/pt/, y dice en sus metadatos de qué lección sale:

    "traduccion": {"lengua": "pt", "de": "00_bienvenida", "celdas": {…}}

Solo usa la biblioteca estándar: también lo lee el sitio.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Lengua:
    """Una lengua del curso.

    `codigo` es el de `lang`; `leer_en`, el enlace que lleva a ella; `parte`, su rótulo
    en `_toc.yml`; `atrasada`, lo que dice una página cuyo original cambió; `portada`,
    la línea de los minutos, con tres «N»; `estudio`, lo que va antes y después de los
    de estudio; `marcas`, lo que dicen sus secciones; `cierre`, los dos encabezados del
    final; `solucion`, el título de una; `pregunta`, cómo se marcan una y su respuesta
    plegada; `copiar`, lo que dice el botón de copiar si Sphinx no habla la lengua: dos
    rótulos, que se copió y que no; `instalar` y `pagina`, lo que en español traen hecho
    la celda que instala y la página, y lo que va en su lugar.
    """

    codigo: str
    leer_en: str
    parte: str
    atrasada: str
    portada: str
    estudio: tuple[str, str]
    marcas: tuple[str, str]
    cierre: tuple[str, str]
    solucion: str
    pregunta: tuple[str, str]
    copiar: tuple[str, ...] = ()
    instalar: tuple[tuple[str, str], ...] = ()
    pagina: tuple[tuple[str, str], ...] = ()

    @cached_property
    def linea_de_minutos(self) -> re.Pattern:
        """Reconoce la línea de la portada; sus tres grupos son los minutos."""
        patron = re.escape(self.portada).replace("N\\ min", r"(\d+)\ min")
        return re.compile(rf"^{patron}\s*$", re.MULTILINE)

    @cached_property
    def linea_de_estudio(self) -> re.Pattern:
        """Reconoce los minutos de estudio: lo de antes, el número y lo de después."""
        antes, despues = map(re.escape, self.estudio)
        return re.compile(rf"({antes})(\d+)({despues})")


ESPANOL = Lengua(
    codigo="es",
    leer_en="Leer en español",
    parte="En español",
    atrasada="El original cambió después de esta traducción.",
    portada="**Lectura** N min · **En vivo** N min · **Ejecución** N min "
    "(semilla, dos núcleos)",
    estudio=("**Estudio** ", " min, con ejercicios"),
    marcas=("esencial", "optativo"),
    cierre=("Qué aprendiste", "Para seguir leyendo"),
    solucion="Solución",
    pregunta=("**Pregunta.**", "<details><summary>Respuesta</summary>"),
)
PORTUGUES = Lengua(
    codigo="pt-BR",
    leer_en="Ler em português",
    parte="Em português",
    atrasada="O original em espanhol mudou depois desta tradução.",
    portada="**Leitura** N min · **Ao vivo** N min · **Execução** N min "
    "(semilla, dois núcleos)",
    estudio=("**Estudo** ", " min, com exercícios"),
    marcas=("essencial", "opcional"),
    cierre=("O que você aprendeu", "Para continuar lendo"),
    solucion="Solução",
    pregunta=("**Pergunta.**", "<details><summary>Resposta</summary>"),
    copiar=("Copiar", "Copiar", "Copiado", "Não foi possível copiar"),
    instalar=(
        (
            "# Instala el curso donde falta: Colab, Kaggle, Codespaces u otro Jupyter. "
            "En\n# una copia del repositorio no hace nada.\n",
            "# Instala o curso onde ele falta: Colab, Kaggle, Codespaces ou outro\n"
            "# Jupyter. Numa cópia do repositório, não faz nada.\n",
        ),
        (
            "# Si reinicias y lees «NameError: name … is not defined», ejecuta de "
            "nuevo\n# todas las celdas de arriba: menú «Ejecutar anteriores» (Run "
            "Above).\n",
            "# Se você reiniciar e ler “NameError: name … is not defined”, execute\n"
            "# de novo todas as células acima (no Colab, Ctrl + F8).\n",
        ),
        (
            '"No se instaló el curso: revisa la conexión (en Kaggle, que "',
            '"O curso não foi instalado: confira a conexão (no Kaggle, se a "',
        ),
        (
            '"Internet esté activado) y ejecuta otra vez esta celda."',
            '"Internet está ativada) e execute esta célula outra vez."',
        ),
        (
            "# antes que torch: reparte bien los núcleos",
            "# antes do torch: reparte bem os núcleos",
        ),
        (
            "# añade lo que falte y dice qué cambió",
            "# acrescenta o que faltar e diz o que mudou",
        ),
    ),
    pagina=(
        ("Mostrar solución", "Mostrar solução"),
        ("Ocultar solución", "Ocultar solução"),
        ("Salida de la solución:", "Saída da solução:"),
        ("Ver varios ajustes juntos", "Ver várias opções juntas"),
        ("Ocultar los ajustes juntos", "Ocultar as opções juntas"),
        (
            "No llegaron los demás ajustes. Abajo hay varios juntos.",
            "As outras opções não carregaram. Abaixo há várias juntas.",
        ),
        ("Mostrar la instalación", "Mostrar a instalação"),
        ("Ocultar la instalación", "Ocultar a instalação"),
        ("Mostrar el código de la figura", "Mostrar o código da figura"),
        ("Ocultar el código de la figura", "Ocultar o código da figura"),
        ("Mostrar las importaciones", "Mostrar as importações"),
        ("Ocultar las importaciones", "Ocultar as importações"),
        ('title="Enlace a este apartado"', 'title="Link para esta seção"'),
    ),
)

# Por carpeta, dentro de notebooks/.
LENGUAS = {"pt": PORTUGUES}
MARCAS = "|".join(m for c in (ESPANOL, *LENGUAS.values()) for m in c.marcas)


def lengua_de(cuaderno) -> Lengua:
    """La lengua de un cuaderno ya leído: español, si no dice otra."""
    dicha = cuaderno.metadata.get("traduccion", {}).get("lengua")
    return LENGUAS[dicha] if dicha else ESPANOL


def lengua_de_pagina(pagina: str) -> Lengua:
    """La lengua de una página del sitio: «notebooks/pt/00_boas_vindas» → portugués."""
    partes = pagina.split("/")
    en_carpeta = len(partes) == 3 and partes[0] == "notebooks"
    return LENGUAS.get(partes[1], ESPANOL) if en_carpeta else ESPANOL
