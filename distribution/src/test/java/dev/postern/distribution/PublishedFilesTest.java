package dev.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a repository such as Maven Central asks of what is published. */
class PublishedFilesTest {

  private static final List<String> LIBRARIES = List.of(
      "analysis",
      "backends-bpf",
      "backends-iptables",
      "backends-ovs",
      "cli",
      "compiler",
      "fabric8",
      "page",
      "policy-model",
      "policy-testing",
      "postern-maven-plugin",
      "spark",
      "verifier");

  private static StagedRepository staged;

  @BeforeAll
  static void whatThisBuildDeployed() throws IOException {
    staged = StagedRepository.required();
  }

  @Test
  void allOfItIsThereAndNothingThatIsForTestsOnly() throws IOException {
    assertThat(staged.artifacts())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(LIBRARIES.stream(), Stream.of("bom")).toList());
  }

  @Test
  void aPomStandsAloneAndSaysWhoseItIsAndUnderWhichLicence() throws IOException {
    for (String artifact : staged.artifacts()) {
      assertThat(Files.readString(staged.file(artifact, ".pom")).replace("${project.version}", ""))
          .as(artifact)
          .contains("<name>", "<description>", "<url>", "<licenses>", "<developers>", "<scm")
          // Inherited as they are: Maven adds the artefact to them unless it is told not to.
          .contains("<url>https://postern.dev</url>", "/postern-dev/postern</url>")
          .doesNotContain("<parent>", "${", "<scope>test</scope>");
    }
  }

  @Test
  void theBillOfMaterialsManagesAllOfItAndNothingElse() throws IOException {
    String pom = Files.readString(staged.file("bom", ".pom"));
    String managed = pom.substring(pom.indexOf("<dependencyManagement>"));
    assertThat(Pattern.compile("<groupId>(.*?)</groupId>\\s*<artifactId>(.*?)</artifactId>")
            .matcher(managed)
            .results()
            .map(dependency -> dependency.group(1) + ":" + dependency.group(2)))
        .containsExactlyInAnyOrderElementsOf(
            LIBRARIES.stream().map(library -> "dev.postern:" + library).toList());
    assertThat(pom).doesNotContain("<properties>");
  }

  @Test
  void aJarHasAModuleNameThatStaysAndItsSourcesBesideIt() throws IOException {
    for (String library : LIBRARIES) {
      try (JarFile jar = new JarFile(staged.file(library, ".jar").toFile())) {
        assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
            .isEqualTo("dev.postern."
                + library.replace("postern-maven-plugin", "maven").replace('-', '.'));
      }
      try (JarFile sources = new JarFile(staged.file(library, "-sources.jar").toFile())) {
        assertThat(sources.stream().map(ZipEntry::getName))
            .anyMatch(name -> name.endsWith("package-info.java"));
      }
    }
    assertThat(Files.readString(staged.file("cli", "-cyclonedx.json")))
        .contains("\"bomFormat\" : \"CycloneDX\"", "pkg:maven/tools.aqua/z3-turnkey@");
  }
}
