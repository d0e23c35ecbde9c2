"""Common first names whose sex is clear in most countries, transliterated to ASCII."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


WOMEN = word_set(
    """
    abigail agnes aisha alice alicia alison amber amelie amy ana andrea angel ann anna anne annie ashley
    astrid audrey ava beatrice beatriz beth brigitte camille carmen caroline catherine celine charlotte
    chloe christine claire clare colette daisy dawn debbie denise diane dolores donna dorothy edith
    eileen eleanor elena elif elise elizabeth ellen ellie eloise elsie emilie emily emine emma erin
    esther eve evelyn fatima faye fiona florence frances gabrielle gail georgie gertrud giulia grace
    gretchen gwen hailey hannah harriet hayley hazel heather heidi heike helen helene holly imogen ines
    ingrid irene iris isabel isabelle ivy jackie jade jane janet jasmine jenny jessica jill joan
    joanne jocelyn joy joyce judith judy julia julie june karen karin kate katherine kathleen katie
    kayla kelly kim kristen kristin lauren layla leah leonie leslie lily linda lisa lise liz lois lola
    lorraine louise lucie lucy luz lydia lynn mabel madeleine madison mandy margaret margot maria mariam
    marie marilyn marion marjorie martine mary maryam maud megan melanie mercedes meredith mia michelle
    mildred millie miriam molly monique nadine nancy naomi natalie nicole noemi nora olga olivia paige
    pamela patricia paulette pearl penelope penny peggy phoebe pilar priya rachel rebecca renee rosalie
    rose rosie roxanne ruby ruth sally sandy sarah scarlett shirley sibylle simone skye sofia sophie
    stacey stella stephanie summer susan suzanne sylvie tamar tess theresa tiffany tracy ursula valerie
    vanessa vera veronique victoria violet vivian wendy willow yasmin yvonne zoe mei sakura yuki mariya
    mariia nataliya yuliya anastasiya ekaterina tatyana svetlana
    """
)
MEN = word_set(
    """
    aaron abdul adam adrian ahmed alain alan albert alberto alejandro aleksandr alessandro alex
    alexander alexei ali amir anders andre andreas andrei andrew andy angelo anthony antoine anton
    antonio arnold arthur ben benjamin bernard bernd bill bob boris brad brandon brian bruce bruno carl
    carlos cesar charles chris christian christopher claude cliff colin connor craig dan daniel dario
    darren dave david dennis derek diego dirk dmitri dmitriy dominic don donald doug douglas dylan earl
    ed eddie edgar eduardo edward elias elijah emil emilio emmanuel enrique eric erik ernest esteban
    ethan evan ezra fabian federico felipe felix fernando filip finn francesco francis francisco
    francois frank franz fred frederic gabriel gary gavin geoff george gerald gerard giorgio giovanni
    giuseppe glenn gonzalo gordon graham greg guillaume gustav guy hans harold harry hassan hector
    heinrich henri henry herbert hiroshi howard hugh hugo hussein ian ibrahim igor isaac ivan jack jacob
    jacques jake jakob james jamie jan jason javier jeff jeremy jerome jerry jesus jim joe joel johan
    johann john johnny jon jonas jonathan jorge jose joseph joshua juan julian jurgen justin kai karl
    keith ken kenji kenneth kevin klaus kurt kyle larry lars lawrence lee leo leon leonard leonardo
    lewis liam logan lorenzo louis luc luca lucas luigi luis lukas luke malcolm manuel marc marcel
    marcello marco marcus mario mark markus martin mason mateo mathieu matt matteo matthew matthias max
    maxim michael michel miguel mikael mike mikhail milan mohamed mohammed moritz muhammad mustafa
    nathan neil nicholas nick nico nicolas niels nigel nikita nikolai noah oleg oliver omar oscar otto
    owen pablo paolo pascal patrick paul pavel pedro per peter phil philip philippe pierre rafael ralf
    ralph ramon raul ray raymond ricardo richard rick rob robert roberto rodrigo roger roland roman ron
    ross roy rudolf russell ryan salvatore sam samuel sanjay santiago scott sean sebastian serge sergei
    sergey sergio seth simon stan stefan stefano stephen steve steven stuart sven takashi ted terry theo
    thierry thomas tim timothy tobias todd tom tomas tony travis tyler umberto uwe valentin vasily
    victor vincent vincenzo vladimir volker walter warren wayne werner will william wolfgang xavier yann
    yannick yusuf zachary yevgeny
    """
)
