/** What iptables-save and ipset save print: lines of words, of which some are quoted. */
lexer grammar SaveLexer;

NEWLINE : '\r'? '\n' ;
SPACE : [ \t]+ -> skip ;
COMMENT : '#' ~[\r\n]* -> skip ;
STRING : '"' ( '\\' . | ~["\\] )* '"' ;
WORD : ~[ \t\r\n"#] ~[ \t\r\n]* ;
STRAY : . ;
