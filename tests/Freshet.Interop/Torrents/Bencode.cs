using System.Text;

namespace Freshet.Interop.Torrents;

/// <summary>
/// The bencoding that the samples need, independent of Freshet's own so that each checks the other. A value is a long, a byte[], a string
/// (only written), a list of values, or a <see cref="SortedDictionary{TKey, TValue}"/> whose keys are Latin-1 strings.
/// </summary>
public static class Bencode
{
    public static byte[] Write(object value)
    {
        using MemoryStream stream = new();
        Write(stream, value);
        return stream.ToArray();
    }

    /// <summary>Reads one value. The input is trusted, since clients wrote it for files of ours.</summary>
    public static object Read(ReadOnlySpan<byte> data)
    {
        int at = 0;
        return Read(data, ref at);
    }

    /// <summary>The raw bytes of the value of a top-level key, from which an info-hash is computed.</summary>
    public static byte[] ReadRaw(ReadOnlySpan<byte> dictionary, string key)
    {
        int at = 1;
        while (dictionary[at] != 'e')
        {
            string name = Encoding.Latin1.GetString((byte[])Read(dictionary, ref at));
            int start = at;
            Read(dictionary, ref at);
            if (name == key)
                return dictionary[start..at].ToArray();
        }

        throw new KeyNotFoundException(key);
    }

    public static SortedDictionary<string, object> Dictionary(params ReadOnlySpan<(string Key, object Value)> items)
    {
        SortedDictionary<string, object> dictionary = new(StringComparer.Ordinal);
        foreach ((string key, object value) in items)
            dictionary.Add(key, value);
        return dictionary;
    }

    private static void Write(Stream stream, object value)
    {
        switch (value)
        {
            case long or int:
                stream.Write(Encoding.ASCII.GetBytes($"i{value}e"));
                break;
            case string text:
                Write(stream, Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes:
                stream.Write(Encoding.ASCII.GetBytes($"{bytes.Length}:"));
                stream.Write(bytes);
                break;
            case IEnumerable<KeyValuePair<string, object>> dictionary:
                stream.WriteByte((byte)'d');
                foreach ((string key, object item) in dictionary)
                {
                    Write(stream, Encoding.Latin1.GetBytes(key));
                    Write(stream, item);
                }

                stream.WriteByte((byte)'e');
                break;
            case IEnumerable<object> list:
                stream.WriteByte((byte)'l');
                foreach (object item in list)
                    Write(stream, item);
                stream.WriteByte((byte)'e');
                break;
            default:
                throw new ArgumentException($"{value.GetType()} has no bencoding", nameof(value));
        }
    }

    private static object Read(ReadOnlySpan<byte> data, ref int at)
    {
        switch (data[at])
        {
            case (byte)'i':
                int end = at + data[at..].IndexOf((byte)'e');
                long number = long.Parse(data[(at + 1)..end], provider: null);
                at = end + 1;
                return number;
            case (byte)'l':
                List<object> list = [];
                for (at++; data[at] != 'e';)
                    list.Add(Read(data, ref at));
                at++;
                return list;
            case (byte)'d':
                SortedDictionary<string, object> dictionary = new(StringComparer.Ordinal);
                for (at++; data[at] != 'e';)
                    dictionary.Add(Encoding.Latin1.GetString((byte[])Read(data, ref at)), Read(data, ref at));
                at++;
                return dictionary;
            default:
                int colon = at + data[at..].IndexOf((byte)':');
                int start = colon + 1;
                at = start + int.Parse(data[at..colon], provider: null);
                return data[start..at].ToArray();
        }
    }
}
