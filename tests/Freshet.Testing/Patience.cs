namespace Freshet.Testing;

/// <summary>Waits for something that must happen, with a bound that only a failure reaches.</summary>
public static class Patience
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static Task Bounded(this Task task) => task.WaitAsync(Bound, TestContext.Current.CancellationToken);

    public static Task<T> Bounded<T>(this Task<T> task) => task.WaitAsync(Bound, TestContext.Current.CancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public static async Task Until(Func<bool> condition)
    {
        using CancellationTokenSource bound = new(Bound);
        while (!condition())
        {
            bound.Token.ThrowIfCancellationRequested();
            await Task.Delay(1, bound.Token);
        }
    }
}
