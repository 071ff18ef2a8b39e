package dev.postern.cli.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.postern.cli.console.UserError;
import dev.postern.dataplane.Dataplane;
import dev.postern.dataplane.KubeProxy;
import dev.postern.diagnostic.Severity;
import dev.postern.lint.Lint;
import dev.postern.lint.rule.LintRule;
import dev.postern.lint.rule.RuleOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code .postern.yaml}: what the reader takes is what the published schema allows. */
class SettingsFileTest {

  private static final Path SCHEMA = Path.of("..", "docs", "postern.schema.json");

  @TempDir
  private Path directory;

  private Path file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static boolean isValid(String yaml) throws IOException {
    Object value = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
        .getSchema(Files.readString(SCHEMA), InputFormat.JSON)
        .validate(new ObjectMapper().writeValueAsString(value), InputFormat.JSON)
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rules: {NP313: \"off\", NP3: warning, NP310: {severity: error, paths: [a/**], exclude: b}}",
        "exclude: [vendor/**, '*.gen.yaml']\nnamespaces: {only: shop, exclude: [kube-system]}",
        "fail-on: error\nbaseline: known.json\ndataplane: cilium\n",
        "dataplane: cilium@v1.16.3\nkube-proxy: ebpf",
        "dataplane: all",
        "rules: {np313: info}",
        "rules: {NP330: {options: {ports: [443, 16443]}}, np341: {severity: warning, options: {directions: ingress}}}",
        "rules: {NP343: {options: {ports: []}}}",
        "{}"
      })
  void theReaderAndTheSchemaTakeIt(String yaml) throws IOException {
    assertThat(SettingsFile.read(file(SettingsFile.NAME, yaml))).isNotNull();
    assertThat(isValid(yaml)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rulez: {}",
        "rules: {NP313: fatal}",
        "rules: {half: warning}",
        "rules: {NP313: {severty: error}}",
        "rules: []",
        "exclude: {}",
        "exclude: [{}]",
        "namespaces: [shop]",
        "namespaces: {onyl: shop}",
        "fail-on: fatal",
        "rules: {NP330: {options: {port: 443}}}",
        "rules: {NP330: {options: {ports: https}}}",
        "rules: {NP330: {options: {ports: [0]}}}",
        "rules: {NP330: {options: {ports: 65536}}}",
        "rules: {NP341: {options: {directions: [out]}}}",
        "rules: {NP341: {options: {ports: 80}}}",
        "rules: {NP313: {options: {ports: 80}}}",
        "rules: {NP3: {options: {ports: 80}}}",
        "rules: {NP330: {options: [443]}}",
        "dataplane: cilum",
        "dataplane: cilium@latest",
        "kube-proxy: userspace",
        "baseline: [a]",
        "[]",
        "text"
      })
  void theReaderAndTheSchemaRefuseIt(String yaml) throws IOException {
    Path file = file(SettingsFile.NAME, yaml);

    assertThatExceptionOfType(UserError.class).isThrownBy(() -> SettingsFile.read(file));
    assertThat(isValid(yaml)).isFalse();
  }

  @Test
  void theSchemaHasTheReadersKeys() throws IOException {
    JsonNode schema = new ObjectMapper().readTree(SCHEMA.toFile());

    assertThat(keys(schema.get("properties"))).isEqualTo(SettingsFile.KEYS);
    assertThat(keys(schema.at("/properties/namespaces/properties")))
        .isEqualTo(SettingsFile.NAMESPACE_KEYS);
    Set<String> ofAnyRule =
        keys(schema.at("/properties/rules/additionalProperties/anyOf/1/properties"));
    ofAnyRule.add("options");
    assertThat(ofAnyRule).isEqualTo(SettingsFile.RULE_KEYS);
  }

  @Test
  void theSchemaHasTheOptionsThatRulesDeclare() throws IOException {
    JsonNode rules =
        new ObjectMapper().readTree(SCHEMA.toFile()).at("/properties/rules/patternProperties");
    Set<String> patterns = new LinkedHashSet<>();
    for (LintRule rule : Lint.rules()) {
      if (!rule.options().isEmpty()) {
        String pattern = "^[Nn][Pp]" + rule.code().id().substring(2) + "$";
        patterns.add(pattern);
        JsonNode properties = rules.path(pattern).at("/anyOf/1/properties");
        assertThat(keys(properties)).as(pattern).isEqualTo(SettingsFile.RULE_KEYS);
        JsonNode options = properties.at("/options/properties");
        assertThat(keys(options))
            .isEqualTo(rule.options().stream()
                .map(RuleOption::name)
                .collect(Collectors.toCollection(LinkedHashSet::new)));
        for (RuleOption<?> option : rule.options()) {
          assertThat(options.at("/" + option.name() + "/description").asText())
              .isEqualTo(option.description());
        }
      }
    }
    assertThat(keys(rules)).isEqualTo(patterns);
  }

  @Test
  void theSchemaKnowsEveryDataplaneAndEveryWayToServeServices() throws IOException {
    for (Dataplane dataplane : Dataplane.all()) {
      assertThat(isValid("dataplane: " + dataplane.name())).as(dataplane.name()).isTrue();
    }
    for (KubeProxy way : KubeProxy.values()) {
      assertThat(isValid("kube-proxy: " + way.word())).as(way.word()).isTrue();
    }
  }

  private static Set<String> keys(JsonNode node) {
    Set<String> keys = new LinkedHashSet<>();
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      keys.add(names.next());
    }
    return keys;
  }

  @Test
  void anOptionThatIsNoneIsSaidWithItsPlace() throws IOException {
    Path file = file(
        SettingsFile.NAME,
        "rules:\n  NP330: {options: {prots: 443}}\n  NP341:\n    options:\n      directions: [in]\n  NP313: {options: {a: b}}\n");

    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> SettingsFile.read(file))
        .withMessage(
            String.join(
                "\n",
                file
                    + ":2:21: error: unknown key `prots` in the options of `NP330` (hint: did you mean `ports`?)",
                file
                    + ":5:20: error: `directions` of `NP341` takes directions, and `in` is none (hint: write ingress or egress)",
                file
                    + ":6:20: error: `NP313` has no options (hint: those that have some are NP330, NP341, NP343)"));
  }

  @Test
  void aKeyThatIsWrittenTwiceIsRefused() throws IOException {
    Path file = file(
        SettingsFile.NAME, "rules:\n  NP313: error\n  NP313: \"off\"\nrules: {NP3: warning}\n");

    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> SettingsFile.read(file))
        .withMessageContaining(":4:1: error: `rules` is written twice in settings");
    Path rules = file(SettingsFile.NAME, "rules:\n  NP313: error\n  NP313: \"off\"\n");
    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> SettingsFile.read(rules))
        .withMessageContaining(":3:3: error: `NP313` is written twice in `rules`");
  }

  @Test
  void allThatIsWrongIsSaidWithItsPlaceAndTheNearestKey() throws IOException {
    Path file = file(SettingsFile.NAME, "exlude: [a]\nrules:\n  NP313: fatal\n  half: off\n");

    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> SettingsFile.read(file))
        .withMessage(
            String.join(
                "\n",
                file
                    + ":1:1: error: unknown key `exlude` in settings (hint: did you mean `exclude`?)",
                file
                    + ":3:10: error: `fatal` is no severity (hint: write error, warning or info, or off)",
                file
                    + ":4:9: error: `half` names no rule (hint: write a code, as NP313, or its beginning)"));
  }

  @Test
  void settingsExtendOthersAndComeAfterThem() throws IOException {
    file("base.yaml", "rules: {NP3: off}\nfail-on: error\nbaseline: known.json\n");
    Path file = file(
        "team/" + SettingsFile.NAME,
        "extends: [../base.yaml]\nrules: {NP313: error}\nfail-on: info\n");

    Settings settings = SettingsFile.read(file);

    assertThat(settings.rules())
        .extracting(setting -> setting.rules().prefix())
        .containsExactly("NP3", "NP313");
    assertThat(settings.failOn()).contains(Severity.INFO);
    assertThat(settings.baseline())
        .contains(directory.resolve("team/../base.yaml").normalize().resolveSibling("known.json"));
  }

  @Test
  void settingsThatExtendThemselvesAreRefused() throws IOException {
    file("a.yaml", "extends: b.yaml\n");
    file("b.yaml", "extends: a.yaml\n");

    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> SettingsFile.read(directory.resolve("a.yaml")))
        .withMessageContaining("extends itself");
  }

  @Test
  void theNearestSettingsAboveAFileCount() throws IOException {
    file(SettingsFile.NAME, "{}");
    Path manifest = file("a/b/web.yaml", "");

    assertThat(SettingsFile.above(manifest)).contains(directory.resolve(SettingsFile.NAME));
  }
}
