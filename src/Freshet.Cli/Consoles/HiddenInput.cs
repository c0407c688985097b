using System.Text;

namespace Freshet.Cli.Consoles;

/// <summary>Reads a secret at a terminal: what is typed is not shown.</summary>
internal static class HiddenInput
{
    /// <summary>Asks, and reads a line.</summary>
    public static async Task<string> ReadAsync(TextWriter prompt, string question, CancellationToken cancellationToken)
    {
        await prompt.WriteAsync(question.AsMemory(), cancellationToken).ConfigureAwait(false);
        await prompt.FlushAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Reading a key cannot be cancelled: the thread is left to it, and the process ends.
            return await Task.Run(() => ReadLine(static () => Console.ReadKey(intercept: true)), cancellationToken)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await prompt.WriteLineAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Reads keys up to Enter.</summary>
    internal static string ReadLine(Func<ConsoleKeyInfo> readKey)
    {
        StringBuilder text = new();
        while (true)
        {
            ConsoleKeyInfo key = readKey();
            if (key.Key == ConsoleKey.Enter)
                return text.ToString();
            if (key.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                text.Append(key.KeyChar);
        }
    }
}
