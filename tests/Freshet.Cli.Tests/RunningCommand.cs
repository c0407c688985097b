using System.Diagnostics;
using System.Text.Json;

namespace Freshet.Cli.Tests;

/// <summary>A command that runs until it is stopped; it is interrupted at the latest when it is disposed of.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly CapturedStreams _streams;
    private readonly CancellationTokenSource _interruption = new();
    private readonly Task<int> _running;

    public RunningCommand(params string[] args)
        : this(new CapturedStreams(), args)
    {
    }

    public RunningCommand(CapturedStreams streams, params string[] args)
    {
        _streams = streams;
        _running = Task.Run(() => FreshetApp.RunAsync(args, _streams, _interruption.Token));
    }

    public string Out => _streams.OutText;

    public string Error => _streams.ErrorText;

    public IEnumerable<JsonElement> Events => Out.Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement);

    public static bool Is(JsonElement line, string name) => line.GetProperty("event").GetString() == name;

    /// <summary>Waits until the output shows what the test needs, and returns it.</summary>
    public async Task<T> WaitForAsync<T>(Func<RunningCommand, T?> find)
        where T : class
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (find(this) is { } found)
                return found;
            Assert.True(!_running.IsCompleted, $"It has ended: {_streams.OutText}{_streams.ErrorText}");
            Assert.True(Stopwatch.GetElapsedTime(started) < Bound, $"Not within {Bound}: {_streams.OutText}{_streams.ErrorText}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public Task<JsonElement[]> WaitForEventAsync(string name) =>
        WaitForAsync(command => command.Events.Where(line => Is(line, name)).ToArray() is { Length: > 0 } found ? found : null);

    /// <summary>Interrupts it as Ctrl-C does.</summary>
    public async Task<CliRun> StopAsync()
    {
        await _interruption.CancelAsync();
        return await EndAsync();
    }

    /// <summary>Waits until it ends by itself.</summary>
    public async Task<CliRun> EndAsync()
    {
        int exitCode = await _running.WaitAsync(Bound, TestContext.Current.CancellationToken);
        return new CliRun(exitCode, _streams.OutText, _streams.ErrorText);
    }

    public async ValueTask DisposeAsync()
    {
        await _interruption.CancelAsync();
        await _running.WaitAsync(Bound);
        _interruption.Dispose();
    }
}
