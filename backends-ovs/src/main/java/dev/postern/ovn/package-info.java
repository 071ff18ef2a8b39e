/**
 * Turns a plan into rows of OVN's northbound database (Address_Set, Port_Group, ACL) and the transactions that bring them there. It trusts
 * the plan; every match it writes is read again by {@link dev.postern.ovn.match} before anyone sees it, since OVN drops silently what it
 * cannot read.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.ovn;

import org.jspecify.annotations.NullMarked;
