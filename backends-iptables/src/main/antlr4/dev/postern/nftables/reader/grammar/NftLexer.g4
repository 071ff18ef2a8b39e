/** The words of an nftables ruleset (nft(8)). Nearly every keyword can also be a name: the parser knows by where it stands. */
lexer grammar NftLexer;

NEWLINE : '\r'? '\n' ;
SPACE : [ \t]+ -> skip ;
REMARK : '#' ~[\r\n]* -> skip ;
STRING : '"' ~["]* '"' ;
OPEN : '{' ;
CLOSE : '}' ;
COMMA : ',' ;
SEMICOLON : ';' ;

DOT : '.' ;
COLON : ':' ;
EQUALS : '=' ;
EQ : '==' ;
NE : '!=' ;
LT : '<' ;
GT : '>' ;
LE : '<=' ;
GE : '>=' ;
AND : '&' ;
OR : '|' ;
XOR : '^' ;

TABLE : 'table' ;
CHAIN : 'chain' ;
SET : 'set' ;
MAP : 'map' ;
DELETE : 'delete' ;
TYPE : 'type' ;
HOOK : 'hook' ;
DEVICE : 'device' ;
PRIORITY : 'priority' ;
POLICY : 'policy' ;
FLAGS : 'flags' ;
ELEMENTS : 'elements' ;
TIMEOUT : 'timeout' ;
EXPIRES : 'expires' ;
COMMENT : 'comment' ;
LIMIT : 'limit' ;
QUOTA : 'quota' ;

COUNTER : 'counter' ;
PACKETS : 'packets' ;
BYTES : 'bytes' ;
NAME : 'name' ;
LOG : 'log' ;
LOG_OPTION : 'prefix' | 'level' | 'group' | 'snaplen' | 'queue-threshold' ;
UPDATE : 'update' | 'add' ;
ACCEPT : 'accept' ;
DROP : 'drop' ;
RETURN : 'return' ;
CONTINUE : 'continue' ;
JUMP : 'jump' ;
GOTO : 'goto' ;
REJECT : 'reject' ;
VMAP : 'vmap' ;

META : 'meta' ;
MARK : 'mark' ;
INTERFACE : 'iifname' | 'oifname' | 'iif' | 'oif' ;
PROTOCOLS : 'l4proto' | 'nfproto' ;
CT : 'ct' ;
CONNECTION : 'state' | 'direction' ;
IP : 'ip' ;
IP6 : 'ip6' ;
ADDRESS : 'saddr' | 'daddr' ;
PROTOCOL : 'protocol' ;
NEXTHDR : 'nexthdr' ;
TRANSPORT : 'tcp' | 'udp' | 'sctp' | 'dccp' | 'udplite' | 'th' ;
PORT : 'sport' | 'dport' ;
ICMP : 'icmp' | 'icmpv6' ;

REF : '@' ~[ \t\r\n"{},;#]+ ;
WORD : ~[ \t\r\n"{},;#]+ ;
STRAY : . ;
