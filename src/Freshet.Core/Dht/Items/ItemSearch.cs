using Freshet.Core.Dht.Krpc;

namespace Freshet.Core.Dht.Items;

/// <summary>
/// What a search for an item looks for, and the best that it has found: of one that can change, that with the highest sequence number. What
/// nodes say counts only if hash or signature prove it.
/// </summary>
/// <param name="key">The public key of one that can change; empty of one that cannot.</param>
/// <param name="salt">Its salt.</param>
internal sealed class ItemSearch(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> salt)
{
    /// <summary>What is to be stored at the end, made of what was found; null if nothing is.</summary>
    public Func<ItemContent?, ItemContent?>? Make { get; init; }

    /// <summary>The sequence number that what is there must have, for the put to succeed (compare and swap).</summary>
    public long? ExpectedSequence { get; init; }

    public ItemContent? Found { get; private set; }

    /// <summary>What was sent to be stored.</summary>
    public ItemContent? Put { get; set; }

    /// <summary>The last refusal of a node that was to store something; 0 if there was none.</summary>
    public long Refusal { get; set; }

    /// <summary>Whether nothing better can be found.</summary>
    public bool IsSettled => Found is not null && key.IsEmpty && Make is null;

    /// <summary>A node says that it has the item.</summary>
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
