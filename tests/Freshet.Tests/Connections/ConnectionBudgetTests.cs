using Freshet.Connections;

namespace Freshet.Tests.Connections;

public class ConnectionBudgetTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task No_more_connections_than_allowed_and_none_is_counted_twice()
    {
        ConnectionBudget budget = new(maxConnections: 3, maxHalfOpen: 10);
        ConnectionSlot? first = await budget.DialAsync(Never);
        Assert.NotNull(first);
        Assert.NotNull(budget.TryTake());
        Assert.NotNull(await budget.DialAsync(Never));
        Assert.True(budget.IsFull);
        Assert.Null(await budget.DialAsync(Never));
        Assert.Null(budget.TryTake());
        first.Dispose();
        first.Dispose();
        Assert.Equal(2, budget.Connections);
        Assert.NotNull(await budget.DialAsync(Never));
    }

    [Fact]
    public async Task Dials_wait_for_each_other()
    {
        ConnectionBudget budget = new(100, maxHalfOpen: 1);
        ConnectionSlot? dial = await budget.DialAsync(Never);
        Task<ConnectionSlot?> second = budget.DialAsync(Never).AsTask();
        Assert.False(second.IsCompleted);
        dial!.Establish();
        dial.Establish();
        Assert.NotNull(await second.Bounded());
        Task<ConnectionSlot?> third = budget.DialAsync(Never).AsTask();
        Assert.False(third.IsCompleted);
        (await second)!.Dispose();
        Assert.NotNull(await third.Bounded());
    }

    [Fact]
    public async Task A_dial_that_is_called_off_takes_no_place()
    {
        ConnectionBudget budget = new(100, maxHalfOpen: 1);
        ConnectionSlot? first = await budget.DialAsync(Never);
        using CancellationTokenSource leaves = new();
        Task<ConnectionSlot?> second = budget.DialAsync(leaves.Token).AsTask();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first!.Dispose();
        Assert.Equal(0, budget.Connections);
        Assert.NotNull(await budget.DialAsync(Never));
    }
}
