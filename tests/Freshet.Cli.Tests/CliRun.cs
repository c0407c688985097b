using System.Text.Json;

namespace Freshet.Cli.Tests;

/// <summary>A run of a command in this process, and what it printed.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public JsonElement[] JsonLines =>
        [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public static Task<CliRun> Of(params string[] args) => Of(new CapturedStreams(), args);

    public static async Task<CliRun> Of(CapturedStreams streams, params string[] args)
    {
        int exitCode = await FreshetApp.RunAsync(
            args, streams, TestContext.Current.CancellationToken).WaitAsync(Bound, TestContext.Current.CancellationToken);
        return new CliRun(exitCode, streams.OutText, streams.ErrorText);
    }
}
