/**
 * Turns what a northbound database prints (a dump, a backup, a transaction) into {@link dev.postern.enforced.EnforcedRules}, whoever wrote
 * the ACLs. It trusts OVN's documents on what an ACL does and shares no code with what writes them.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.ovn.read;

import org.jspecify.annotations.NullMarked;
