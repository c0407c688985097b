namespace Freshet.Tracker.Http;

/// <summary>
/// Enumerates the parameters of a raw query string, <c>name=value&amp;name=value</c>. Values are percent-encoded bytes, not text, and are
/// decoded only to bytes: an info-hash is hardly ever valid UTF-8. A plus sign stands for itself.
/// </summary>
internal ref struct QueryParameters(ReadOnlySpan<char> query)
{
    private ReadOnlySpan<char> _rest = query.StartsWith('?') ? query[1..] : query;

    public ReadOnlySpan<char> Name { get; private set; }

    /// <summary>The value as it is in the query.</summary>
    public ReadOnlySpan<char> Value { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        int end = _rest.IndexOf('&');
        ReadOnlySpan<char> pair = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        int equals = pair.IndexOf('=');
        Name = equals < 0 ? pair : pair[..equals];
        Value = equals < 0 ? default : pair[(equals + 1)..];
        return true;
    }

    /// <summary>Decodes the value. False if it is too long, or the encoding is invalid.</summary>
    public readonly bool TryDecode(Span<byte> destination, out int length)
    {
        length = 0;
        for (int i = 0; i < Value.Length; i++)
        {
            int value = Value[i];
            if (value == '%')
            {
                if (i + 2 >= Value.Length || !char.IsAsciiHexDigit(Value[i + 1]) || !char.IsAsciiHexDigit(Value[i + 2]))
                    return false;
                value = (HexDigit(Value[i + 1]) << 4) | HexDigit(Value[i + 2]);
                i += 2;
            }

            if (value > byte.MaxValue || length == destination.Length)
                return false;
            destination[length++] = (byte)value;
        }

        return true;
    }

    private static int HexDigit(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
