using Freshet.Core.Dht.Items;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>Decides which items are stored for others, and gives the reason for a refusal (BEP 44).</summary>
internal sealed class ItemAnswering(Timestamp begin)
{
    private const int CostOfSignature = 1_000;

    private readonly TokenBucket _work =
        new(new DataRate(DhtLimits.DhtSignaturesPerSecond * CostOfSignature), begin, DhtLimits.DhtBurst);

    public ItemStore Store { get; } = new();

    /// <summary>The target of an item that is to be stored; null if it cannot be computed.</summary>
    public static NodeId? TargetOf(in KrpcMessage put)
    {
        if (put.Key.IsEmpty)
            return put.Value.IsEmpty ? null : ItemContent.TargetOf(put.Value);
        return put.Salt.Length <= ItemContent.MaxSaltLength ? ItemContent.TargetOf(put.Key, put.Salt) : null;
    }

    /// <summary>Stores an item, or returns the code and the text of the refusal.</summary>
    public (KrpcError Code, string Text)? Put(in KrpcMessage put, NodeId target, NodeAddress sender, Timestamp now)
    {
        if (put.Value.Length > ItemContent.MaxValueLength)
            return (KrpcError.ValueTooBig, "Message (v field) too big");
        if (!ItemContent.IsValue(put.Value))
            return (KrpcError.Protocol, "Invalid value");
        if (put.Key.IsEmpty)
        {
            Store.Put(target, ItemContent.Of(put.Value.ToArray()), sender, now);
            return null;
        }

        if (put.Sequence is not { } sequence || put.Signature.IsEmpty)
            return (KrpcError.Protocol, "Missing argument");
        if (Store.Find(target, now) is { } current)
        {
            if (put.ExpectedSequence is { } expected && expected != current.Sequence)
                return (KrpcError.SequenceMismatch, "The CAS hash mismatched, re-read value and try again");
            bool isOther = !current.Value.Span.SequenceEqual(put.Value);
            if (sequence < current.Sequence || (sequence == current.Sequence && isOther))
                return (KrpcError.SequenceTooLow, "Sequence number less than current");
        }

        // Verifying a signature costs about a thousand times as much as the rest.
        if (!_work.TryTake(CostOfSignature, now))
            return (KrpcError.Server, "Too busy");
        if (!ItemContent.IsSigned(put.Key, put.Salt, sequence, put.Value, put.Signature))
            return (KrpcError.InvalidSignature, "Invalid signature");
        ItemContent content = new(
            put.Value.ToArray(), put.Key.ToArray(), put.Salt.ToArray(), sequence, put.Signature.ToArray());
        Store.Put(target, content, sender, now);
        return null;
    }
}
