namespace Freshet.Connections;

/// <summary>
/// A whole connection, whatever it is made of, with its place in the <see cref="ConnectionBudget"/>, given back when it ends.
/// </summary>
internal sealed class CountedTransport(ITransport below, ConnectionSlot slot) : LayeredTransport(below)
{
    public override void Abort()
    {
        base.Abort();
        slot.Dispose();
    }

    public override void Reset()
    {
        base.Reset();
        slot.Dispose();
    }

    public override void Dispose()
    {
        base.Dispose();
        slot.Dispose();
    }
}
