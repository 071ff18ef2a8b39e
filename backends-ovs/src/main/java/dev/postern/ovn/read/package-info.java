/**
 * Turns what a northbound database prints (a dump, a backup, a transaction) into {@link dev.postern.enforced.EnforcedRules}, whoever wrote
 * the ACLs. It trusts OVN's documents on what an ACL does and shares no code with what writes them.
 */
@NullMarked
package dev.postern.ovn.read;

import org.jspecify.annotations.NullMarked;
