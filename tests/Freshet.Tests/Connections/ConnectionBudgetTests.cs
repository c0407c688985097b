using Freshet.Connections;

namespace Freshet.Tests.Connections;

public class ConnectionBudgetTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task There_are_no_more_connections_than_allowed_and_none_is_counted_twice()
    {
        ConnectionBudget budget = new(maxConnections: 3, maxHalfOpen: 10);
        ConnectionSlot? first = await budget.DialAsync(isUrgent: false, Never);
        Assert.NotNull(first);
        Assert.NotNull(budget.TryTake());
        Assert.NotNull(await budget.DialAsync(isUrgent: false, Never));
        Assert.True(budget.IsFull);
        Assert.Null(await budget.DialAsync(isUrgent: false, Never));
        Assert.Null(budget.TryTake());
        first.Dispose();
        first.Dispose();
        Assert.Equal(2, budget.Connections);
        Assert.NotNull(await budget.DialAsync(isUrgent: false, Never));
    }

    [Fact]
    public async Task Dials_wait_for_each_other()
    {
        ConnectionBudget budget = new(100, maxHalfOpen: 1);
        ConnectionSlot? dial = await budget.DialAsync(isUrgent: false, Never);
        Task<ConnectionSlot?> second = budget.DialAsync(isUrgent: false, Never).AsTask();
        Assert.False(second.IsCompleted);
        dial!.Establish();
        dial.Establish();
        Assert.NotNull(await second.Bounded());
        Task<ConnectionSlot?> third = budget.DialAsync(isUrgent: false, Never).AsTask();
        Assert.False(third.IsCompleted);
        (await second)!.Dispose();
        Assert.NotNull(await third.Bounded());
    }

    [Fact]
    public async Task An_urgent_dial_waits_only_for_other_urgent_ones()
    {
        ConnectionBudget budget = new(100, maxHalfOpen: 1);
        using ConnectionSlot? ordinary = await budget.DialAsync(isUrgent: false, Never);
        ConnectionSlot? urgent = await budget.DialAsync(isUrgent: true, Never).AsTask().Bounded();
        for (int i = 1; i < ConnectionLimits.MaxUrgentDials; i++)
            Assert.NotNull(await budget.DialAsync(isUrgent: true, Never).AsTask().Bounded());
        Task<ConnectionSlot?> oneTooMany = budget.DialAsync(isUrgent: true, Never).AsTask();
        Assert.False(oneTooMany.IsCompleted);
        ordinary!.Establish();
        Assert.NotNull(await oneTooMany.Bounded());
        urgent!.Establish();
        Assert.NotNull(await budget.DialAsync(isUrgent: true, Never).AsTask().Bounded());
    }

    [Fact]
    public async Task A_dial_that_is_cancelled_takes_no_place()
    {
        ConnectionBudget budget = new(100, maxHalfOpen: 1);
        ConnectionSlot? first = await budget.DialAsync(isUrgent: false, Never);
        using CancellationTokenSource leaves = new();
        Task<ConnectionSlot?> second = budget.DialAsync(isUrgent: false, leaves.Token).AsTask();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first!.Dispose();
        Assert.Equal(0, budget.Connections);
        Assert.NotNull(await budget.DialAsync(isUrgent: false, Never));
    }
}
