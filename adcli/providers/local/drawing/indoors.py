"""Rooms: each gives what is behind the subject; nothing important stands in the middle."""

from __future__ import annotations

import random

from adcli.media import svg
from adcli.media.colour import WHITE, Colour, hsl
from adcli.providers.local.drawing import nearby
from adcli.providers.local.drawing.light import Palette
from adcli.providers.local.drawing.pieces import (
    HEIGHT,
    WIDTH,
    Kit,
    art,
    counter,
    curtain,
    pendant,
    plant,
    shelf,
    wall,
    window,
)


def bathroom(pal: Palette, rnd: random.Random) -> Kit:
    """Tiles, a round mirror, a shelf of bottles, a basin."""
    tile = "".join(svg.rect(0, y, WIDTH, 5, WHITE, o=0.5) for y in range(60, 1500, 120))
    tile += "".join(svg.rect(x, 0, 5, 1480, WHITE, o=0.5) for x in range(56, WIDTH, 120))
    tile += "".join(
        svg.rect(rnd.randrange(10) * 120 + 61, rnd.randrange(12) * 120 + 65, 115, 115, WHITE, o=0.16)
        for _ in range(26)
    )
    glass: list[svg.Stop] = [(0, pal.light.sky_low.lighter(0.4)), (1, pal.wall.darker(0.2))]
    mirror = svg.linear("mirror", glass, tilt=0.6) + svg.circle(800, 560, 332, pal.wood.lighter(0.1))
    mirror += svg.circle(800, 560, 308, "url(#mirror)")
    mirror += svg.clipped(
        "round",
        '<circle cx="800" cy="560" r="308"/>',
        svg.polygon([(500, 820), (900, 200), (1040, 200), (560, 940)], WHITE, o=0.28),
    )
    basin = svg.path("M640,1440 h440 q-10,120 -150,130 h-140 q-140,-10 -150,-130z", pal.trim.lighter(0.4))
    tap = svg.stroke("M850,1440 v-110 q0,-50 -52,-50 q-44,0 -46,44", Colour(176, 184, 194), 22)
    return Kit(
        wall(pal, 1500) + tile + window(pal, -70, 240, 330, 560),
        mirror
        + shelf(pal, 30, 1160, 330, rnd)
        + counter(pal, 1560)
        + basin
        + tap
        + plant(pal, 190, 1570, 300, rnd),
        nearby.bottles(pal, rnd, 1) + nearby.leaves(pal, rnd, -1),
    )


def kitchen(pal: Palette, rnd: random.Random) -> Kit:
    """Cupboards, tiles, lamps, a worktop with fruit."""
    cupboards = ""
    for i, x in enumerate((-60, 236, 660, 956)):
        tone = pal.accent.mix(pal.wall, 0.55)
        cupboards += svg.rect(x, 120, 276, 420, tone, r=10) + svg.rect(
            x + 24, 148, 228, 364, tone.lighter(0.12), r=8
        )
        cupboards += svg.rect(x + (226 if i % 2 == 0 else 34), 440, 14, 60, pal.ink, r=7, o=0.6)
    hood = svg.path("M500,0 h150 v330 l70,150 h-290 l70,-150z", Colour(196, 202, 208)) + svg.rect(
        430, 470, 290, 40, Colour(160, 168, 176)
    )
    tiles = "".join(
        svg.rect(x + (44 if row % 2 else 0), 640 + row * 64, 82, 58, WHITE, r=4, o=rnd.uniform(0.25, 0.6))
        for row in range(8)
        for x in range(-60, WIDTH, 88)
    )
    bowl = svg.path("M860,1230 h240 q-14,110 -120,110 q-106,0 -120,-110z", pal.trim.darker(0.06))
    fruit = "".join(
        svg.circle(x, y, 50, tone)
        for x, y, tone in (
            (910, 1210, hsl(0.08, 0.85, 0.56)),
            (990, 1190, hsl(0.01, 0.7, 0.5)),
            (1056, 1214, hsl(0.22, 0.6, 0.5)),
        )
    )
    pots = shelf(pal, 20, 640, 360, rnd) + shelf(pal, 790, 640, 350, rnd)
    return Kit(
        wall(pal, 1340) + tiles + window(pal, 40, 760, 320, 440),
        cupboards
        + hood
        + pots
        + fruit
        + bowl
        + counter(pal, 1330)
        + pendant(pal, 250, 330, 120)
        + pendant(pal, 930, 290, 120)
        + plant(pal, 130, 1336, 220, rnd),
        nearby.cup(pal, -1) + nearby.hanging(pal, 1),
    )


def bedroom(pal: Palette, rnd: random.Random) -> Kit:
    """A headboard with pillows, pictures, a lamp, a window with curtains."""
    head = svg.rect(120, 900, 1100, 560, pal.accent.darker(0.25), r=60)
    head += "".join(svg.rect(150 + i * 180, 930, 164, 500, pal.accent.darker(0.12), r=40) for i in range(6))
    pillows = svg.rect(240, 1240, 400, 250, pal.trim, r=90) + svg.rect(
        720, 1230, 420, 260, pal.trim.darker(0.05), r=90
    )
    pillows += svg.rect(500, 1300, 320, 200, pal.second.lighter(0.2), r=80)
    bed = svg.rect(60, 1440, 1200, 700, pal.trim.darker(0.08), r=50) + svg.path(
        "M60,1560 Q500,1480 1152,1600 V2048 H60Z", pal.second.lighter(0.35)
    )
    lamp = svg.radial("bulb", [(0, pal.light.glow, 0.9), (1, pal.light.glow, 0.0)])
    lamp += svg.circle(90, 980, 420, "url(#bulb)", o=0.8 if pal.light.dark else 0.4)
    lamp += svg.rect(82, 1040, 16, 330, pal.ink) + svg.path(
        "M20,1060 l36,-170 h68 l36,170z", pal.light.glow.lighter(0.35)
    )
    table = svg.rect(-40, 1360, 270, 30, pal.wood, r=8) + svg.rect(-20, 1390, 230, 400, pal.wood.darker(0.2))
    pictures = art(pal, 800, 420, 240, 320, rnd) + art(pal, 560, 500, 180, 240, rnd)
    return Kit(
        wall(pal, 1600) + window(pal, 60, 200, 380, 620) + pictures,
        curtain(pal, -60, 150, 150, 1000)
        + curtain(pal, 420, 150, 120, 900)
        + head
        + pillows
        + bed
        + table
        + lamp,
        nearby.cushion(pal, -1) + nearby.lights(pal, rnd, 8),
    )


def living(pal: Palette, rnd: random.Random) -> Kit:
    """A sofa, pictures, a floor lamp, a window, plants."""
    sofa = svg.rect(-80, 1080, 1320, 420, pal.accent.darker(0.2), r=70)
    sofa += svg.rect(-60, 1330, 1280, 330, pal.accent.darker(0.05), r=60) + svg.rect(
        566, 1340, 10, 300, pal.accent.darker(0.4), r=5
    )
    sofa += svg.group(svg.rect(-120, -120, 240, 240, pal.second.lighter(0.2), r=50), x=190, y=1270, turn=-10)
    sofa += svg.group(svg.rect(-110, -110, 220, 220, pal.trim, r=46), x=980, y=1280, turn=9)
    lamp = svg.radial("bulb", [(0, pal.light.glow, 0.9), (1, pal.light.glow, 0.0)])
    lamp += svg.circle(1010, 560, 430, "url(#bulb)", o=0.8 if pal.light.dark else 0.45)
    lamp += svg.rect(1002, 600, 16, 520, pal.ink) + svg.path(
        "M910,640 l50,-190 h100 l50,190z", pal.light.glow.lighter(0.35)
    )
    pictures = art(pal, 560, 300, 200, 270, rnd) + art(pal, 800, 250, 150, 200, rnd)
    return Kit(
        wall(pal, 1560) + window(pal, 50, 220, 400, 660, 3) + pictures,
        curtain(pal, -80, 170, 150, 1000)
        + curtain(pal, 430, 170, 110, 1000)
        + lamp
        + sofa
        + plant(pal, 1080, 1700, 420, rnd),
        nearby.leaves(pal, rnd, -1) + nearby.lights(pal, rnd, 6),
    )


def office(pal: Palette, rnd: random.Random) -> Kit:
    """A wide window over the city, shelves, a desk with a screen."""
    towers = ""
    for i in range(12):
        x, tall = i * 104 - 30.0, rnd.uniform(180, 520)
        tone = pal.light.sky_low.mix(pal.ink, rnd.uniform(0.25, 0.5))
        towers += svg.rect(x, 1020 - tall, 92, tall, tone)
        towers += "".join(
            svg.rect(
                x + 14 + (k % 3) * 24,
                1040 - tall + (k // 3) * 44,
                12,
                22,
                pal.light.glow,
                o=0.75 if pal.light.dark else 0.35,
            )
            for k in range(int(tall // 44) * 3)
            if rnd.random() < 0.6
        )
    pane: list[svg.Stop] = [(0, pal.light.sky_top), (1, pal.light.sky_low)]
    glass = svg.linear("pane", pane) + svg.clipped(
        "out", svg.rect(0, 180, 780, 840, "#000"), svg.rect(0, 180, 780, 840, "url(#pane)") + towers
    )
    bars = "".join(svg.rect(x, 170, 18, 860, pal.trim) for x in (-6, 256, 518, 772)) + svg.rect(
        0, 1014, 790, 30, pal.trim
    )
    shelves = svg.rect(838, 200, 300, 860, pal.wood.darker(0.25), r=8)
    shelves += "".join(shelf(pal, 850, y, 276, rnd, "books") for y in (440, 650, 860, 1050))
    desk = counter(pal, 1440, pal.wood.lighter(0.15))
    screen = svg.rect(60, 1110, 420, 270, pal.ink, r=16) + svg.rect(
        76, 1126, 388, 238, pal.accent.lighter(0.25), r=8
    )
    screen += "".join(svg.rect(110, 1160 + i * 44, 240 - i * 40, 18, WHITE, r=9, o=0.7) for i in range(4))
    screen += svg.rect(250, 1380, 40, 60, pal.ink) + svg.rect(180, 1430, 180, 14, pal.ink, r=7)
    return Kit(
        wall(pal, 1440) + glass + bars,
        shelves + pendant(pal, 700, 330, 110) + screen + plant(pal, 1030, 1450, 260, rnd) + desk,
        nearby.screens(pal, 1) + nearby.leaves(pal, rnd, -1),
    )


def gym(pal: Palette, rnd: random.Random) -> Kit:
    """A dark room with light strips, mirrors and racks of weights."""
    dark = Colour(62, 66, 84).mix(pal.accent, 0.16)
    stops: list[svg.Stop] = [(0, dark.darker(0.4)), (0.5, dark.lighter(0.12)), (1, dark)]
    out = svg.linear("gym", stops) + svg.rect(0, 0, WIDTH, HEIGHT, "url(#gym)")
    out += svg.linear("strip", [(0, pal.accent.lighter(0.5)), (1, pal.accent)], across=True)
    floor: list[svg.Stop] = [(0, dark.darker(0.5)), (1, dark.lighter(0.1))]
    out += svg.linear("mat", floor) + svg.rect(0, 1440, WIDTH, 700, "url(#mat)")
    racks = ""
    for x, y, w, turn in ((-60.0, 210, 640, 8), (600, 300, 640, -8), (80, 90, 980, 0)):
        bar = svg.rect(0, -28, w, 56, pal.accent, r=28, o=0.22) + svg.rect(0, -9, w, 18, "url(#strip)", r=9)
        out += svg.group(bar, x=x, y=y, turn=turn)
    out += svg.rect(0, 460, 360, 760, WHITE, o=0.08) + svg.rect(790, 460, 380, 760, WHITE, o=0.08)
    for y in (980, 1170, 1360):
        racks += svg.rect(0, y, WIDTH, 20, Colour(70, 74, 88))
        for i in range(7):
            x = 20 + i * 168 + rnd.uniform(-8, 8)
            tone = pal.accent if (i + y) % 3 == 0 else Colour(52, 55, 68)
            racks += svg.rect(x + 30, y - 50, 70, 18, Colour(150, 156, 168), r=8)
            racks += svg.rect(x, y - 82, 42, 82, tone, r=14) + svg.rect(x + 88, y - 82, 42, 82, tone, r=14)
            racks += svg.rect(x + 6, y - 76, 8, 66, WHITE, r=4, o=0.2)
    return Kit(
        out,
        racks,
        nearby.weights(pal) + nearby.lights(pal, rnd, 10),
    )


def cafe(pal: Palette, rnd: random.Random) -> Kit:
    """Warm wall, a board, lamps, shelves with cups, a wooden bar."""
    board = svg.rect(90, 260, 420, 520, pal.wood.darker(0.4), r=12) + svg.rect(
        110, 280, 380, 480, Colour(44, 50, 52), r=6
    )
    board += "".join(
        svg.rect(150, 340 + i * 58, rnd.uniform(140, 290), 16, WHITE, r=8, o=0.6) for i in range(7)
    )
    shelves = shelf(pal, 640, 520, 470, rnd) + shelf(pal, 640, 780, 470, rnd)
    lamps = pendant(pal, 190, 250, 100) + pendant(pal, 576, 200, 110) + pendant(pal, 960, 250, 100)
    brick = "".join(
        svg.rect(
            x + (60 if row % 2 else 0),
            row * 66,
            108,
            56,
            pal.wood.lighter(0.3),
            r=4,
            o=rnd.uniform(0.12, 0.4),
        )
        for row in range(20)
        for x in range(-100, WIDTH, 120)
    )
    return Kit(
        wall(pal, 1400) + brick,
        board + shelves + lamps + counter(pal, 1380, pal.wood.lighter(0.2)) + plant(pal, 110, 1390, 280, rnd),
        nearby.cup(pal, 1) + nearby.lights(pal, rnd),
    )


def car(pal: Palette, rnd: random.Random) -> Kit:
    """Seats and windows from the dashboard's side."""
    view: list[svg.Stop] = [(0, pal.light.sky_top), (1, pal.light.sky_low)]
    out = svg.linear("view", view) + svg.rect(0, 0, WIDTH, HEIGHT, Colour(46, 46, 54))
    scene = svg.rect(0, 200, WIDTH, 800, "url(#view)")
    scene += "".join(
        svg.circle(rnd.uniform(0, WIDTH), rnd.uniform(740, 900), rnd.uniform(70, 150), pal.leaf, o=0.9)
        for _ in range(16)
    )
    panes = svg.path("M-20,960 L-20,330 Q0,240 120,230 L330,230 Q390,240 390,320 L400,960Z", "#000")
    panes += svg.path("M470,900 V320 Q480,260 540,260 H640 Q690,260 690,320 V900Z", "#000")
    panes += svg.path("M1172,960 L1172,330 Q1150,240 1030,230 L830,230 Q766,240 766,320 L756,960Z", "#000")
    out += svg.clipped("panes", panes, scene)
    seat = pal.wood.mix(Colour(60, 54, 56), 0.5)
    seats = svg.rect(250, 560, 300, 260, seat.lighter(0.1), r=80) + svg.rect(
        620, 560, 300, 260, seat.lighter(0.1), r=80
    )
    seats += svg.rect(130, 780, 500, 1400, seat, r=150) + svg.rect(
        560, 780, 500, 1400, seat.darker(0.12), r=150
    )
    seats += svg.stroke("M230,900 q60,500 20,1100 M960,900 q-60,500 -20,1100", WHITE, 7, o=0.14)
    roof = svg.rect(0, 0, WIDTH, 190, Colour(64, 64, 74))
    return Kit(
        out,
        seats + roof + svg.rect(420, 130, 312, 90, Colour(34, 34, 42), r=40),
        nearby.wheel() + nearby.lights(pal, rnd, 8),
    )


def shop(pal: Palette, rnd: random.Random) -> Kit:
    """Lit shelves full of goods."""
    out = wall(pal, 1700) + svg.rect(0, 120, WIDTH, 60, pal.accent)
    goods = ""
    for i, y in enumerate((460, 740, 1020, 1300, 1580)):
        out += svg.rect(0, y - 250, WIDTH, 250, pal.wall.darker(0.25 if i % 2 else 0.16))
        out += svg.rect(0, y - 250, WIDTH, 22, pal.light.glow.lighter(0.4), o=0.7)
        goods += shelf(pal, -20, y, 620, rnd) + shelf(pal, 590, y, 620, rnd, "jars" if i % 2 else "books")
    return Kit(
        out,
        goods,
        nearby.shelf_edge(pal, rnd) + nearby.lights(pal, rnd, 8),
    )
