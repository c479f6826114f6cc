using Artesanos.StripeSimulator.Events;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>One operation of Stripe's API. <paramref name="Execute"/> runs under the account's
/// lock and returns the JSON of the answer.</summary>
/// <param name="Name">What fault rules of the control API match: <c>refunds.create</c>.</param>
/// <param name="Rules">The parameters it takes.</param>
/// <param name="Execute">Reads and changes the account.</param>
/// <param name="ForBrowsers">Whether a publishable key with a client secret may call it.</param>
internal sealed record StripeOperation(
    string Name, ParameterRules Rules, Func<StripeRequest, byte[]> Execute,
    bool ForBrowsers = false);

/// <summary>A request whose key and parameters have been read.</summary>
/// <param name="Account">The account of the key.</param>
/// <param name="Parameters">From the body (POST) or the query (GET, DELETE).</param>
/// <param name="Id">The id in the path, or an empty string.</param>
/// <param name="IsPublishable">Whether it came with a <c>pk_test_</c> key.</param>
/// <param name="BaseUrl">Where the simulator was called, for links to itself.</param>
/// <param name="Origin">What events caused by it say about it.</param>
internal sealed record StripeRequest(
    StripeAccount Account, StripeParameters Parameters, string Id, bool IsPublishable,
    string BaseUrl, Origin Origin);
