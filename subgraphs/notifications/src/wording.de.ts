import type { Amount } from '@shop/platform/money';
import type { OrderedItem, Wording } from './wording.js';

const rejections = new Map([
  ['OUT_OF_STOCK', 'Etwas davon ist gerade ausverkauft.'],
  ['PAYMENT_DECLINED', 'Die Zahlung wurde abgelehnt.'],
  ['TIMED_OUT', 'Die Zahlung wurde nicht rechtzeitig bestätigt.'],
]);

const itemList = (items: readonly OrderedItem[], money: (amount: Amount) => string) =>
  items.map(({ quantity, name, unitPrice }) => `${quantity} × ${name}, je ${money(unitPrice)}`);

export const german: Wording = {
  welcome: ({ displayName }) => ({
    subject: 'Willkommen im Shop',
    paragraphs: [`Hallo ${displayName},`, 'dein Konto ist eingerichtet.'],
    action: 'Zum Shop',
  }),
  'order-confirmed': ({ orderNumber, items, total }, money) => ({
    subject: `Deine Bestellung ${orderNumber} ist bestätigt`,
    paragraphs: ['Vielen Dank! Wir machen deine Bestellung fertig.', `Summe: ${money(total)}`],
    items: itemList(items, money),
    action: 'Bestellung verfolgen',
  }),
  'order-rejected': ({ orderNumber, reason }) => ({
    subject: `Deine Bestellung ${orderNumber} konnte nicht angenommen werden`,
    paragraphs: [rejections.get(reason) ?? 'Wir konnten sie nicht ausführen.', 'Es wurde nichts abgebucht.'],
    action: 'Bestellung ansehen',
  }),
  'order-cancelled': ({ orderNumber }) => ({
    subject: `Deine Bestellung ${orderNumber} ist storniert`,
    paragraphs: ['Die Bestellung ist storniert. Was abgebucht wurde, bekommst du zurück.'],
    action: 'Bestellung ansehen',
  }),
  'order-shipped': ({ orderNumber, carrier, trackingNumber, items, isPartial }, money) => ({
    subject: isPartial ? `Ein Teil deiner Bestellung ${orderNumber} ist unterwegs` : `Deine Bestellung ${orderNumber} ist unterwegs`,
    paragraphs: [
      trackingNumber ? `Versandt mit ${carrier}, Sendungsnummer ${trackingNumber}.` : `Versandt mit ${carrier}.`,
      ...(isPartial ? ['Der Rest folgt in einem weiteren Paket.'] : []),
    ],
    items: itemList(items, money),
    action: 'Bestellung verfolgen',
  }),
  'order-delivered': ({ orderNumber }) => ({
    subject: `Deine Bestellung ${orderNumber} ist angekommen`,
    paragraphs: ['Alles wurde zugestellt. Viel Freude damit!'],
    action: 'Bestellung ansehen',
  }),
  'payment-action-required': ({ orderNumber }) => ({
    subject: `Bitte bestätige die Zahlung deiner Bestellung ${orderNumber}`,
    paragraphs: ['Deine Bank möchte, dass du die Zahlung bestätigst. So lange wartet die Bestellung.'],
    action: 'Zahlung bestätigen',
  }),
  'payment-refunded': ({ orderNumber, amount }, money) => ({
    subject: `Eine Erstattung für deine Bestellung ${orderNumber}`,
    paragraphs: [`Wir haben dir ${money(amount)} erstattet. Bis zur Gutschrift kann es einige Tage dauern.`],
    action: 'Bestellung ansehen',
  }),
};
