using Freshet.Cli.Transfers;

namespace Freshet.Cli.Tests.Transfers;

public class TransferProgramTests
{
    [Fact]
    public async Task Events_end_even_if_the_program_has_a_bug()
    {
        CapturedStreams streams = new();
        TransferProgram program = new(streams, new JsonReporter(streams, TimeProvider.System));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            program.RunAsync(
                _ => throw new InvalidOperationException(), isPortFixed: true, (_, _) => Task.CompletedTask, CancellationToken.None));
        Assert.Contains("\"event\":\"finished\",\"exitCode\":1", streams.OutText, StringComparison.Ordinal);
    }
}
