// The match expressions of OVN's logical flows and ACLs: ovn-sb(5), table Logical_Flow, column match.
grammar OvnMatch;

match : expression EOF ;

// && and || do not mix without parentheses.
expression
  : operand (AND operand)+  # conjunction
  | operand (OR operand)+   # disjunction
  | operand                 # single
  ;

// What ! may stand before is decided later: a comparison needs parentheses, a lone field does not.
operand : NOT? primary ;

primary
  : '(' expression ')'                                               # parentheses
  | ID '(' STRING ')'                                                # function
  | field relation constants                                        # fieldFirst
  | constants relation field (relation constants)?                  # constantFirst
  | field                                                            # lone
  | INTEGER                                                          # literal
  ;

field : ID ('[' INTEGER ('..' INTEGER)? ']')? ;

relation : EQ | NE | LT | LE | GT | GE ;

constants
  : constant                                # one
  | '{' constant (','? constant)* ','? '}'  # several
  ;

constant : INTEGER | MASKED | STRING | ADDRESS_SET | PORT_GROUP ;

EQ : '==' ;
NE : '!=' ;
LE : '<=' ;
LT : '<' ;
GE : '>=' ;
GT : '>' ;
AND : '&&' ;
OR : '||' ;
NOT : '!' ;
ELLIPSIS : '..' ;

ADDRESS_SET : '$' NAME ;
PORT_GROUP : '@' NAME ;

STRING : '"' (~["\\] | '\\' .)* '"' ;

// As the lexer of OVN cuts it: letters, digits, colons up to the first dot, single dots. What it means is decided later.
MASKED : NUMBER '/' EXTENT ;
BROKEN_MASK : NUMBER '/' ;
INTEGER : NUMBER ;

ID : [A-Za-z_] [A-Za-z0-9_.]* ;

SPACE : [ \t\r\n\u000B\u000C]+ -> skip ;
LINE_COMMENT : '//' ~[\n]* -> skip ;
COMMENT : '/*' ~[\n]*? '*/' -> skip ;

// Whatever is no token, so that the parser names it.
OTHER : . ;

fragment NAME : [A-Za-z_.] [A-Za-z0-9_.]* ;
fragment NUMBER
  : [0-9] [A-Za-z0-9:]* ('.' [A-Za-z0-9]+)*
  | [0-9a-fA-F]+ ':' [A-Za-z0-9:]* ('.' [A-Za-z0-9]+)*
  | '::' [A-Za-z0-9:]* ('.' [A-Za-z0-9]+)*
  ;
fragment EXTENT : [A-Za-z0-9:]+ ('.' [A-Za-z0-9]+)* ;
