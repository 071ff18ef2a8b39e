/**
 * Turns the contents of a northbound database (a dump, a backup, a transaction) into {@link dev.postern.enforced.EnforcedRules}, whoever
 * wrote the ACLs. It trusts OVN's documentation of ACLs and shares no code with the writer.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.ovn.read;

import org.jspecify.annotations.NullMarked;
