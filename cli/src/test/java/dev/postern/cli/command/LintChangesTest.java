package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code lint --changed-since} shows what a change causes, and runs nothing that the repository names. */
class LintChangesTest extends LintedDirectory {

  private void git(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 5];
    System.arraycopy(
        new String[] {"git", "-c", "user.name=t", "-c", "user.email=t@example.org"},
        0,
        command,
        0,
        5);
    System.arraycopy(arguments, 0, command, 5, arguments.length);
    Process git = new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
    assertThat(git.waitFor()).isZero();
  }

  @Test
  void onlyFindingsThatAChangeCausesAreShownInUnchangedFilesToo() throws Exception {
    int pods = POLICIES.indexOf("---\napiVersion: v1");
    file("np.yaml", POLICIES.substring(0, pods));
    file("pods.yaml", POLICIES.substring(pods));
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "a");
    String path = System.getenv("PATH");
    String[] all = {
      "lint",
      directory.toString(),
      "--changed-since",
      "HEAD",
      "-o",
      "json",
      "--select",
      "NP309,NP2",
      "--fail-on",
      "info"
    };
    assertThat(withPath(path, all).status()).isEqualTo(ExitStatus.YES);

    // With another label on the pod the unchanged policy selects nothing.
    file("pods.yaml", POLICIES.substring(pods).replace("{app: web}", "{app: gone}"));
    Run run = withPath(path, all);

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("NP309", "np.yaml").doesNotContain("NP203");
    assertThat(withPath(path, "lint", directory.toString(), "--changed-since", "gone")
            .status())
        .isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(withPath("", all).err()).contains("no `git` on the PATH");
  }

  /** A commit cannot bring a `.git`, but files that look like a bare repository, whose configuration names programs. */
  @Test
  void theConfigurationOfARepositoryInsideTheManifestsRunsNothing() throws Exception {
    file("np.yaml", POLICIES);
    Path ran = directory.resolve("ran");
    git("init", "-q", "--bare", ".");
    // A commit of a file whose content is not there: git asks the remote for it.
    Process commit = new ProcessBuilder("sh", "-c", """
            printf '100644 blob 1111111111111111111111111111111111111111\\tnp.yaml\\n' | git mktree --missing > tree
            git -c user.name=t -c user.email=t@example.org commit-tree -m a "$(cat tree)" > commit
            git update-ref "$(git symbolic-ref HEAD)" "$(cat commit)"
            """)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .start();
    assertThat(commit.waitFor()).isZero();
    git("config", "core.bare", "false");
    git("config", "core.worktree", ".");
    git("config", "core.repositoryformatversion", "1");
    git("config", "extensions.partialClone", "origin");
    git("config", "remote.origin.promisor", "true");
    git("config", "remote.origin.url", "ext::touch " + ran);
    git("config", "protocol.ext.allow", "always");

    Run run =
        withPath(System.getenv("PATH"), "lint", directory.toString(), "--changed-since", "HEAD");
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("postern: error: ").doesNotContain("internal error");
    assertThat(ran).doesNotExist();
  }
}
