/**
 * An nftables ruleset as nft prints it (nft(8)). A rule is clauses from left to right; what is no clause that we know is strange, and the
 * reader takes the rule to be unknown from there on.
 */
parser grammar NftParser;

options { tokenVocab = NftLexer; }

/** One table, or the end. */
item : end* (deletion | table | EOF) ;

deletion : DELETE TABLE family=name name ;
table : TABLE name name? OPEN end* (definition end*)* CLOSE ;
definition : set | chain | flags | other ;

end : NEWLINE | SEMICOLON ;
name : ~(NEWLINE | SEMICOLON | OPEN | CLOSE | COMMA | STRAY) ;
flags : FLAGS name (COMMA name)* ;

/** What says nothing of packets: a counter, a helper, a flow table, a comment. */
other : ~(SET | MAP | CHAIN | FLAGS | NEWLINE | SEMICOLON | OPEN | CLOSE | STRAY) anything* braces? ;
anything : ~(NEWLINE | SEMICOLON | OPEN | CLOSE | STRAY) ;
braces : OPEN (braces | ~(OPEN | CLOSE | STRAY))* CLOSE ;

// --- sets and maps

set : (SET | MAP) name OPEN end* (attribute end*)* CLOSE ;
attribute : ELEMENTS EQUALS block | timeout | flags | ~(ELEMENTS | TIMEOUT | FLAGS | NEWLINE | SEMICOLON | OPEN | CLOSE | STRAY) anything* ;
timeout : TIMEOUT anything* ;

block : OPEN NEWLINE* (element NEWLINE* (COMMA NEWLINE* element NEWLINE*)* (COMMA NEWLINE*)?)? CLOSE ;
element : of=tuple state=elementState? (COLON (verdict | data=tuple))? ;
/** What stands between two dots is one word, where it is understood. */
tuple : ~(NEWLINE | SEMICOLON | OPEN | CLOSE | COMMA | COLON | STRAY | TIMEOUT | EXPIRES | COMMENT | LIMIT | QUOTA | COUNTER | ACCEPT | DROP | RETURN | CONTINUE | JUMP | GOTO)+ ;
elementState : (TIMEOUT | EXPIRES | COMMENT | LIMIT | QUOTA | COUNTER) ~(NEWLINE | SEMICOLON | OPEN | CLOSE | COMMA | COLON | STRAY)* ;

// --- chains

chain : CHAIN name OPEN end* (line end*)* CLOSE ;
line : base | policy | chainAttribute | statement ;
base : TYPE kind=name HOOK hook=name (DEVICE device=name | DEVICES EQUALS block)? PRIORITY priority ;
priority : name (sign=name offset=name)? ;
policy : POLICY name ;
chainAttribute : (FLAGS | COMMENT) anything* ;

statement : clause+ ;
clause : verdict | reject | queue | condition | markMatch | markChange | connectionMark | connectionMarkChange | connectionLabel | fib | spread | harmless | counter | log | alteration | comment | strange ;

verdict : ACCEPT | DROP | RETURN | CONTINUE | (JUMP | GOTO) name ;
reject : REJECT anything* ;
/** As of release 0.9.9 {@code queue flags bypass to 1-3}, before {@code queue num 1-3 bypass,fanout}. */
queue : QUEUE (FLAGS flag+=name (COMMA flag+=name)*)? (to=WORD number=WORD)? (old+=WORD (COMMA old+=WORD)*)? ;

condition : key (DOT key)* (VMAP members | operator? values) ;
key
  : META? INTERFACE
  | META PROTOCOLS
  | META? OWNER
  | CT CONNECTION
  | IP (ADDRESS | PROTOCOL)
  | IP6 (ADDRESS | NEXTHDR)
  | TRANSPORT PORT
  | ICMP TYPE
  ;
operator : EQ | NE | LT | GT | LE | GE ;
members : REF | block ;
values : members | value (COMMA value)* ;
value : scalar (DOT scalar)* ;
scalar : ~(NEWLINE | SEMICOLON | OPEN | CLOSE | COMMA | COLON | STRAY | REF | DOT | EQUALS | EQ | NE | LT | GT | LE | GE | AND | OR | XOR | SET | MAP | VMAP) ;

markMatch : META MARK (AND mask=WORD)? operator? values ;
markChange : META MARK SET (META MARK bits+ | CT MARK bits* | key MAP members | mark=WORD) ;
bits : (AND | OR | XOR) WORD ;

connectionMark : CT MARK (AND mask=WORD)? operator? values ;
connectionMarkChange : CT MARK SET ((META | CT) MARK bits* | WORD) ;

/** A label that nothing shows. */
connectionLabel : CT LABEL operator? values ;

/** What the routing table says of an address. */
fib : FIB fibKey (DOT fibKey)* (TYPE operator? values | INTERFACE (found=(EXISTS | MISSING) | operator? number=WORD)) ;
fibKey : ADDRESS | MARK | INTERFACE ;

/** Which of its cases a packet gets is a matter of chance. */
spread : SPREAD ~(VMAP | NEWLINE | SEMICOLON | OPEN | CLOSE | STRAY)* VMAP members ;

/** Statements that change nothing that a condition sees. */
harmless
  : META (PRIORITY | TRACE) SET name
  | TRANSPORT OPTION WORD WORD SET WORD WORD?
  | (IP | IP6) field=WORD SET number=WORD
  | FLOW (UPDATE | WORD) REF
  | CT (TIMEOUT | LABEL | about=WORD) SET name
  ;

counter : COUNTER (PACKETS name BYTES name | NAME name)? ;
log : LOG ((LOG_OPTION | FLAGS) name)* ;
alteration : (UPDATE | DELETE) REF block ;
comment : COMMENT STRING ;

strange : block | (TRANSPORT | ICMP | IP | IP6 | CT | META) (WORD | FLAGS) | ~(NEWLINE | SEMICOLON | OPEN | CLOSE | STRAY | ACCEPT | DROP | RETURN | CONTINUE | JUMP | GOTO | REJECT | QUEUE | META | INTERFACE | CT | FIB | SPREAD | FLOW | IP | IP6 | TRANSPORT | ICMP | COUNTER | LOG | UPDATE | DELETE | COMMENT) ;
