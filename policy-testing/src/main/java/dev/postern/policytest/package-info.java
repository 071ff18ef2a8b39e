/**
 * Policies in the tests of a Java project: {@link dev.postern.policytest.PolicyAssertions} for AssertJ, {@link
 * dev.postern.policytest.PolicyTest} for JUnit 5. What is undecided, cannot be read or was not found fails; nothing passes by omission. Z3
 * is loaded only for statements with {@code can never}.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.policytest;

import org.jspecify.annotations.NullMarked;
