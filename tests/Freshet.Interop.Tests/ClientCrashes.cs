namespace Freshet.Interop.Tests;

/// <summary>
/// Reports which cases were tried again because another client died: in the test's output, on standard error, and, one line each, in the
/// file that the variable <c>FRESHET_CLIENT_CRASHES</c> names, from which <c>.ci/run</c> counts them.
/// </summary>
internal static class ClientCrashes
{
    private const string Variable = "FRESHET_CLIENT_CRASHES";
    private static readonly Lock Writing = new();

    public static void Report(string test, IReadOnlyList<string> crashes, Exception failure)
    {
        string line = $"{test}: {string.Join("; ", crashes)}".ReplaceLineEndings(" ");
        TestContext.Current.TestOutputHelper?.WriteLine($"Tried again, since another client crashed. {line}\n{failure}");
        Console.Error.WriteLine($"Tried again, since another client crashed. {line}");
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
            return;
        lock (Writing)
            File.AppendAllText(path, line + "\n");
    }
}
