namespace Freshet.Connections;

/// <summary>
/// A complete connection, whatever its layers, with its slot in the <see cref="ConnectionBudget"/>, which is released when it ends.
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
