namespace Artesanos.Messaging.Consuming;

/// <summary>A durable pull consumer: one filter subject of one stream, one handler.</summary>
/// <param name="Filter">A subject; <c>*</c> stands for one token.</param>
/// <param name="Durable">Unique per stream; replicas of the service share it.</param>
internal sealed record Subscription(string Stream, string Filter, string Durable, Type Handler)
{
    public bool Matches(string subject)
    {
        var (wanted, actual) = (Filter.Split('.'), subject.Split('.'));
        return wanted.Length == actual.Length
            && wanted.Zip(actual).All(token => token.First == "*" || token.First == token.Second);
    }
}
