using System.Diagnostics;

namespace Freshet.Cli.Tests.Shells;

public class CompletionTests
{
    [Theory]
    [InlineData("bash", "freshet ver", "verify")]
    [InlineData("bash", "freshet --he", "--help")]
    [InlineData("bash", "freshet info --j", "--json")]
    [InlineData("bash", "freshet completion z", "zsh")]
    [InlineData("bash", "freshet download a.torrent --max-d", "--max-download")]
    [InlineData("bash", "freshet info so", "some.torrent")]
    [InlineData("bash", "freshet download some.torrent -o a", "a folder")]
    [InlineData("bash", "freshet verify a", "a folder")]
    [InlineData("bash", "freshet decode ot", "other.txt")]
    [InlineData("bash", "freshet info ot", "")]
    [InlineData("bash", "freshet create a --comment s", "")]
    public async Task A_shell_completes_commands_options_and_files(string shell, string typed, string expected)
    {
        using TempFolder folder = new();
        folder.Write("some.torrent", []);
        folder.Write("other.txt", []);
        Directory.CreateDirectory(folder["a folder"]);
        CliRun script = await CliRun.Of("completion", shell);
        string[] words = typed.Split(' ');
        string program = $"""
            {script.Out}
            COMP_WORDS=({string.Join(' ', words)})
            COMP_CWORD={words.Length - 1}
            _freshet
            printf '%s\n' "$COMPREPLY[@]"
            """.Replace("$COMPREPLY[@]", "${COMPREPLY[@]}", StringComparison.Ordinal);
        Assert.Equal(expected + "\n", await RunAsync(shell, program, folder.Path));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task A_script_names_every_command_and_option(string shell)
    {
        CliRun script = await CliRun.Of("completion", shell);
        foreach (string word in new[] { "download", "sequential", "max-upload", "handshake", "piece-size", "version" })
            Assert.Contains(word, script.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task A_shell_reads_its_script_without_complaint(string shell)
    {
        Assert.SkipUnless(IsInstalled(shell), $"{shell} is not installed");
        CliRun script = await CliRun.Of("completion", shell);
        using TempFolder folder = new();
        string path = folder.Write("script", System.Text.Encoding.UTF8.GetBytes(script.Out));
        Assert.Equal("", await RunAsync(shell, null, folder.Path, "-n", path));
    }

    private static bool IsInstalled(string shell) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, shell)));

    private static async Task<string> RunAsync(string shell, string? program, string folder, params string[] args)
    {
        ProcessStartInfo start = new(shell, program is null ? args : ["-c", program])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output + await error;
    }
}
