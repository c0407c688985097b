using System.Diagnostics;
using Freshet.Cli.Consoles;
using Freshet.Daemon;

namespace Freshet.Cli.Tests.Consoles;

public class HiddenInputTests
{
    [Fact]
    public void Keys_up_to_Enter_are_the_text_and_mistakes_can_be_taken_back()
    {
        Queue<ConsoleKeyInfo> keys = new(
        [
            Key('\b', ConsoleKey.Backspace), Key('a'), Key('x'), Key('\b', ConsoleKey.Backspace), Key('\0', ConsoleKey.LeftArrow), Key('B'),
            Key('é'), Key('\r', ConsoleKey.Enter), Key('c'),
        ]);
        Assert.Equal("aBé", HiddenInput.ReadLine(keys.Dequeue));
        Assert.Single(keys);
    }

    [Fact]
    public async Task A_password_that_is_typed_at_a_terminal_is_asked_for_and_not_shown()
    {
        Requires.That(
            OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "The program 'script' (Debian: bsdutils) is not installed.");
        string line = string.Join(' ', BuiltProgram.Command.Concat(["daemon", "hash-password"]).Select(word => $"'{word}'"));
        ProcessStartInfo start = new("/usr/bin/script", ["--quiet", "--return", "--echo", "never", "--command", line, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        using Process process = Process.Start(start)!;
        try
        {
            await ReadUntilAsync(process, "Password: ");
            await process.StandardInput.WriteAsync("guess me\r");
            await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            string shown = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Bounded();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).Bounded();
            Assert.DoesNotContain("guess", shown, StringComparison.Ordinal);
            string hash = shown[shown.IndexOf("pbkdf2", StringComparison.Ordinal)..].Trim();
            Assert.True(PasswordHash.Matches(hash, "guess me"), shown);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static async Task ReadUntilAsync(Process process, string expected)
    {
        string shown = "";
        char[] one = new char[1];
        while (!shown.Contains(expected, StringComparison.Ordinal))
        {
            int read = await process.StandardOutput.ReadAsync(one, TestContext.Current.CancellationToken).AsTask().Bounded();
            Assert.True(read == 1, shown);
            shown += one[0];
        }
    }

    private static ConsoleKeyInfo Key(char character, ConsoleKey key = ConsoleKey.None) => new(character, key, false, false, false);
}
