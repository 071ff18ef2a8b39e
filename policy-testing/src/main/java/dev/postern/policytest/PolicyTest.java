package dev.postern.policytest;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Makes a method a test for each statement of its files, named as the line: {@code shop.postern:2: shop/frontend can reach shop/db on 5432}.
 *
 * <pre>{@code
 * @PolicyTest(value = "policies/*.postern", manifests = "deploy")
 * void policies() {}
 * }</pre>
 *
 * <p>The method's own body runs before each statement is checked. A statement that does not hold, is undecided, or names what the manifests
 * do not have fails; so does a line that is no statement, a path without statements, and manifests with errors. Files and charts in directories that
 * were not read are a report entry, {@code not read}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(PolicyTestExtension.class)
public @interface PolicyTest {

  /** Files of statements: a file, a directory, or a pattern as {@code policies/*.postern}; from the directory that tests run in. */
  String[] value();

  /** The manifests that they are about: files, and directories with everything below them. */
  String[] manifests();
}
