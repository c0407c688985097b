using Freshet.Core.Dht.Items;
using Freshet.Core.Dht.Krpc;

namespace Freshet.Core.Dht.Searching;

/// <summary>
/// The item that a search looks for, and the best version found so far: for a mutable item, the one with the highest sequence number.
/// Answers count only if the hash or the signature proves them.
/// </summary>
/// <param name="key">The public key of a mutable item; empty for an immutable one.</param>
/// <param name="salt">The salt of the item.</param>
internal sealed class ItemSearch(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> salt)
{
    /// <summary>Creates the item to store at the end from what was found; null if nothing is to be stored.</summary>
    public Func<ItemContent?, ItemContent?>? Make { get; init; }

    /// <summary>The sequence number that the stored item must have for the put to succeed (compare and swap).</summary>
    public long? ExpectedSequence { get; init; }

    public ItemContent? Found { get; private set; }

    /// <summary>The item that was sent to be stored.</summary>
    public ItemContent? Put { get; set; }

    /// <summary>The code of the latest refusal to store the item; 0 if there was none.</summary>
    public long Refusal { get; set; }

    /// <summary>Whether no better version can be found.</summary>
    public bool IsSettled => Found is not null && key.IsEmpty && Make is null;

    /// <summary>A node reported that it has the item.</summary>
    public void OnAnswer(in KrpcMessage message, NodeId target)
    {
        if (!ItemContent.IsValue(message.Value) || (Found is not null && key.IsEmpty))
            return;
        if (key.IsEmpty)
        {
            if (ItemContent.TargetOf(message.Value) == target)
                Found = ItemContent.Of(message.Value.ToArray());
            return;
        }

        if (message.Sequence is { } sequence && (Found is null || sequence > Found.Sequence) && message.Key.SequenceEqual(key.Span)
            && ItemContent.IsSigned(key.Span, salt.Span, sequence, message.Value, message.Signature))
            Found = new ItemContent(message.Value.ToArray(), key, salt, sequence, message.Signature.ToArray());
    }
}
