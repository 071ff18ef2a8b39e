// Questions, and the same sentences as statements. Everything that is no word of the language is one WORD: names, addresses, ports,
// label keys and values; what kind it is, is decided where the sentence becomes a value, so that errors can say it in words.
grammar Sentence;

options { caseInsensitive = true; }

question
  : (CAN | refused=CANNOT)? source=parties (CAN | refused=CANNOT)? reach destination=parties on? QUESTION_MARK? EOF # canReach
  | WHO CAN reach destination=parties on? QUESTION_MARK? EOF                                        # whoCanReach
  | WHAT CAN source=parties reach on? QUESTION_MARK? EOF                                            # whatCanReach
  ;

statement
  : source=parties CAN reach destination=parties on? QUESTION_MARK? EOF                       # allows
  | source=parties (CANNOT | CAN NOT) reach destination=parties on? QUESTION_MARK? EOF        # forbids
  | source=parties CAN NEVER reach destination=parties on? QUESTION_MARK? EOF                 # rulesOut
  | ONLY party (separator party)* CAN reach destination=parties on? QUESTION_MARK? EOF      # reserves
  | POLICIES relation path EOF                                                                # relates
  ;

// How the policies under test stand to those of another file.
relation
  : CONTAIN                                        # contain
  | PERMIT                                         # permit
  | FORBID                                         # forbid
  | DO NOT INTERFERE WITH                          # notInterfere
  ;

path : name | QUOTED ;

reach : REACH | ACCESS | CONNECT TO ;

parties : party (AND party)* ;

party
  : THE? INTERNET                                       # internet
  | ANYONE                                         # anyone
  | quantifier NODE                                # nodes
  | NODE plain                                     # node
  | (THE? API SERVER | THE APISERVER)              # apiServer
  | SERVICE plain                                  # service
  | quantifier? NAMESPACE name                     # namespace
  | quantifier? PODS selector? scope?              # podsWhere
  | quantifier POD (WITH? selector)? scope?        # podsWhere
  | A POD WITH? selector (IN NAMESPACE? name)?     # hypothetical
  | POD plain                                      # pod
  | KIND plain                                     # ofKind
  | quantifier ADDRESS IN WORD                     # addresses
  | word                                           # named
  ;

scope
  : IN NAMESPACE? name (COMMA name)*               # inNamed
  | IN NAMESPACES selector                         # inMatching
  ;

quantifier : ANY | EVERY | ALL ;

selector : requirement (COMMA requirement)* ;

requirement
  : name (EQUAL | NOT_EQUAL) name                  # compared
  | name (IN | NOTIN) OPEN name (COMMA name)* CLOSE # listed
  | NOT_SIGN? key=plain                            # present
  ;

on : ON traffic ;

traffic
  : (ANY | ALL) TRAFFIC                            # everything
  | portWord (separator? portWord)*                # ports
  ;

portWord : PORT? plain ;

separator : COMMA | AND | OR ;

// A name, also where a word of `the API server` or `any node` is one.
plain
  : WORD | API | SERVER | APISERVER | NODE
  | A | POLICIES | CONTAIN | PERMIT | FORBID | DO | INTERFERE
  ;

// Words that are words of the language in one place only: elsewhere they are names.
word : plain | ACCESS | CONNECT | TO | THE | PORT | KIND ;

// A word of the language may be a namespace, a label key or a label value too.
name
  : plain | ANYONE | CAN | NOT | NEVER | REACH | WHO | WHAT | ONLY | ON | IN | NOTIN | ANY | EVERY | ALL | POD | PODS | NAMESPACE | NAMESPACES
  | SERVICE | INTERNET | ADDRESS | TRAFFIC | AND | OR | WITH
  | ACCESS | CONNECT | TO | THE | PORT | KIND
  ;

CAN : 'can' ;
CANNOT : 'cannot' | 'can\'t' ;
NOT : 'not' ;
NEVER : 'never' ;
REACH : 'reach' ;
ACCESS : 'access' ;
CONNECT : 'connect' ;
TO : 'to' ;
THE : 'the' ;
PORT : 'port' | 'ports' ;
KIND : 'deployment' | 'statefulset' | 'daemonset' | 'replicaset' | 'job' | 'cronjob' ;
WHO : 'who' ;
WHAT : 'what' ;
ONLY : 'only' ;
ON : 'on' ;
ANYONE : 'anyone' | 'anybody' ;
NODE : 'node' | 'nodes' ;
API : 'api' ;
SERVER : 'server' ;
APISERVER : 'apiserver' | 'api-server' | 'kube-apiserver' ;
IN : 'in' ;
NOTIN : 'notin' ;
ANY : 'any' ;
EVERY : 'every' | 'each' ;
ALL : 'all' ;
POD : 'pod' | 'workload' ;
PODS : 'pods' | 'workloads' ;
NAMESPACE : 'namespace' ;
NAMESPACES : 'namespaces' ;
SERVICE : 'service' | 'svc' ;
INTERNET : 'internet' ;
ADDRESS : 'address' ;
TRAFFIC : 'traffic' ;
AND : 'and' ;
OR : 'or' ;
WITH : 'with' ;
A : 'a' ;
POLICIES : 'policies' ;
CONTAIN : 'contain' 's'? ;
PERMIT : 'permit' 's'? ;
FORBID : 'forbid' 's'? ;
DO : 'do' ;
INTERFERE : 'interfere' ;
EQUAL : '=' '='? ;
NOT_EQUAL : '!=' ;
NOT_SIGN : '!' ;
OPEN : '(' ;
CLOSE : ')' ;
COMMA : ',' ;
QUESTION_MARK : '?' ;
QUOTED : '"' ~["\r\n]+ '"' ;
WORD : [a-z0-9_.:/*[\]-]+ ;
SPACE : [ \t\r\n]+ -> skip ;
OTHER : . ;
