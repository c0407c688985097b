using System.Collections.Concurrent;
using Freshet.Diagnostics;
using Freshet.Tests.Connections;
using Microsoft.Extensions.Logging;

namespace Freshet.Tests.Diagnostics;

public class FaultLogTests
{
    private readonly VirtualTime _time = new();
    private readonly Lines _lines = new();

    [Fact]
    public void A_flood_of_one_kind_is_cut_short_and_counted_and_other_kinds_are_logged()
    {
        FaultLog log = new(_lines, _time);
        for (int i = 0; i < 1_000; i++)
            log.Report("a protocol", new InvalidOperationException("first"));
        log.Report("a protocol", new InvalidDataException("second"));
        log.Report("a disk thread", new InvalidOperationException("third"));
        Assert.Equal(FaultLog.MostOfAKind + 2, _lines.Count);
        Assert.Equal(["first", "second", "third"], _lines.Select(static line => line.Fault?.Message).Distinct());
        Assert.All(_lines, static line => Assert.Equal(LogLevel.Critical, line.Level));

        _lines.Clear();
        _time.Advance(TimeSpan.FromMinutes(1));
        log.Report("a protocol", new InvalidOperationException("fourth"));
        Assert.Equal(2, _lines.Count);
        Assert.StartsWith($"{1_000 - FaultLog.MostOfAKind} more exceptions", _lines.First().Text);
        Assert.Equal("fourth", _lines.Last().Fault?.Message);
    }

    [Fact]
    public void A_flood_that_has_ended_is_counted_and_one_that_goes_on_is_logged_less_and_less()
    {
        FaultLog log = new(_lines, _time);
        for (int minute = 0; minute < 240; minute++)
        {
            for (int i = 0; i < 10; i++)
                log.Report("a protocol", new InvalidOperationException());
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        // Periods of 1, 2, 4, 8, 16, 32 and then 60 minutes.
        Assert.InRange(_lines.Count(static line => line.Fault is not null), 9 * FaultLog.MostOfAKind, 11 * FaultLog.MostOfAKind);
        _lines.Clear();
        log.Tick();
        Assert.Empty(_lines);
        _time.Advance(TimeSpan.FromMinutes(60));
        log.Tick();
        Assert.Contains("more exceptions", Assert.Single(_lines).Text);
        _time.Advance(TimeSpan.FromMinutes(120));
        log.Tick();
        log.LogLeftOut();
        Assert.Single(_lines);
    }

    [Fact]
    public void Faults_of_many_places_are_bounded_too()
    {
        FaultLog log = new(_lines, _time);
        for (int i = 0; i < 1_000; i++)
            log.Report($"torrent {i}", new InvalidOperationException());
        Assert.Equal(FaultLog.Most, _lines.Count);
    }

    private sealed class Lines : ConcurrentQueue<(LogLevel Level, string Text, Exception? Fault)>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Enqueue((logLevel, formatter(state, exception), exception));
    }
}
