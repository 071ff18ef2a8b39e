/**
 * Tests of policies in Java projects: {@link dev.postern.policytest.PolicyAssertions} for AssertJ, {@link dev.postern.policytest.PolicyTest}
 * for JUnit 5. A statement that is undecided, cannot be read or names something that was not found fails. Z3 is loaded only for statements
 * with {@code can never}.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.policytest;

import org.jspecify.annotations.NullMarked;
