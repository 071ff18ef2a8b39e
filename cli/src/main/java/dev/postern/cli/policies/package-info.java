/** What policies say, rule by rule, without any workload. */
@NullMarked
package dev.postern.cli.policies;

import org.jspecify.annotations.NullMarked;
