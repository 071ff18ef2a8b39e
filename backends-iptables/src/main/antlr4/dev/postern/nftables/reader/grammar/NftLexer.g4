/** The words of an nftables ruleset. What they mean depends on where they stand: nearly every keyword can be a name. */
lexer grammar NftLexer;

NEWLINE : '\r'? '\n' ;
SPACE : [ \t]+ -> skip ;
COMMENT : '#' ~[\r\n]* -> skip ;
STRING : '"' ~["]* '"' ;
OPEN : '{' ;
CLOSE : '}' ;
COMMA : ',' ;
SEMICOLON : ';' ;
WORD : ~[ \t\r\n"{},;#]+ ;
STRAY : . ;
