/**
 * Turns a plan into rows of OVN's northbound database (Address_Set, Port_Group, ACL) and the transactions that write them. It trusts the
 * plan. {@link dev.postern.ovn.match} parses every match again before it is written, since OVN silently ignores matches that it cannot
 * parse.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.ovn;

import org.jspecify.annotations.NullMarked;
